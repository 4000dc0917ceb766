import type { Oid } from "../object-id.ts";
import type { CommitInfo } from "../repository/repository.ts";
import { gitEnvironment } from "./environment.ts";
import type { HubCallPlace } from "./hub-call-place.ts";

export interface LogRange {
  readonly from?: Oid | undefined;
  readonly to: Oid;
  readonly limit: number;
}

/**
 * Commits of `to` that `from` has not, newest first. The one read that simple-git serves: plain text, only object
 * ids go in. It is loaded when it is needed, so that no other command pays for it.
 */
export async function readLog(place: HubCallPlace, { from, to, limit }: LogRange): Promise<readonly CommitInfo[]> {
  const { simpleGit } = await import("simple-git");
  const env = gitEnvironment(process.env, { writes: false, durable: true, variables: place.variables });
  const allowEnvironment = Object.keys(env).filter((name) => name.startsWith("GIT_"));
  const reader = simpleGit({
    baseDir: place.cwd,
    timeout: { block: 60_000 },
    unsafe: OUR_OWN_SETTINGS,
    allowEnvironment,
  }).env(env);
  const range = [to, ...(from === undefined ? [] : [`^${from}`])];
  const text = await reader.raw(
    "log",
    "-z",
    `--format=${FORMAT}`,
    `--max-count=${limit}`,
    "--end-of-options",
    ...range,
  );
  return parseLog(text);
}

/** simple-git refuses an environment with these; each is one of our own settings that switch something off. */
const OUR_OWN_SETTINGS = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeEditor: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
} as const;

const FIELDS = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%s", "%b"] as const;
const FORMAT = FIELDS.join("%x1f");

/** Reads what {@link readLog} asked git to print. */
export function parseLog(text: string): readonly CommitInfo[] {
  return text
    .split("\0")
    .filter((entry) => entry.trim() !== "")
    .map(parseEntry);
}

function parseEntry(entry: string): CommitInfo {
  const [oid, tree, parents, name, email, authoredAt, byName, byEmail, committedAt, subject, ...body] =
    entry.split("\x1f");
  return {
    oid: (oid ?? "").trim() as Oid,
    tree: tree as Oid,
    parents: (parents ?? "").split(" ").filter((parent) => parent !== "") as Oid[],
    author: { name: name ?? "", email: email ?? "" },
    authoredAt: utcAsZ(authoredAt ?? ""),
    committer: { name: byName ?? "", email: byEmail ?? "" },
    committedAt: utcAsZ(committedAt ?? ""),
    subject: subject ?? "",
    body: body.join("\x1f").replace(/\n+$/, ""),
  };
}

/** git before 2.45 writes UTC as `+00:00`. */
function utcAsZ(time: string): string {
  return time.replace(/\+00:00$/, "Z");
}
