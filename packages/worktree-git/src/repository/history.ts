import { objectMissing } from "../errors.ts";
import type { GitDoor } from "../git/git-door.ts";
import { parseCommit } from "../git/parse-commit.ts";
import { shownPath, splitNul } from "../git/paths.ts";
import { readLog } from "../git/read-log.ts";
import { isOid, type Oid, parseOid } from "../object-id.ts";
import type { ChangedPath, Repository } from "./repository.ts";

type History = Pick<
  Repository,
  "isAncestor" | "mergeBase" | "changedPaths" | "countCommits" | "diffText" | "readFileAt" | "commitInfo" | "log"
>;

/** The reading half of a repository: all of it computed in the hub. */
export function historyOf(door: GitDoor): History {
  return {
    async isAncestor(ancestor, descendant) {
      const call = {
        command: "merge-base",
        options: ["--is-ancestor"],
        values: [ancestor, descendant],
        codes: [0, 1],
      } as const;
      return (await door.inHub(call)).code === 0;
    },
    async mergeBase(a, b) {
      const { stdout } = await door.inHub({ command: "merge-base", values: [a, b], codes: [0, 1] });
      const oid = stdout.toString("latin1").split("\n")[0] ?? "";
      return isOid(oid) ? oid : undefined;
    },
    async changedPaths(from, to) {
      const options = ["-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv", "--full-index"];
      const { stdout } = await door.inHub({ command: "diff-tree", options, values: [from, to] });
      return parseRaw(stdout).map(({ status, path }) => ({ path: shownPath(path), status }));
    },
    async countCommits(from, to) {
      const { stdout } = await door.inHub({ command: "rev-list", options: ["--count"], values: [to, `^${from}`] });
      return Number(stdout.toString("latin1").trim());
    },
    async diffText(from, to, { color = false, stat = false } = {}) {
      const options = [
        "-r",
        "-M",
        "--no-ext-diff",
        "--no-textconv",
        stat ? "--stat" : "-p",
        `--color=${color ? "always" : "never"}`,
      ];
      return (await door.inHub({ command: "diff", options, values: [from, to] })).stdout.toString("utf8");
    },
    async readFileAt(commit, path) {
      const name = Buffer.isBuffer(path) ? path : Buffer.from(path);
      if (name.includes(0x0a) || name.includes(0)) return readByTree(door, commit, name);
      const { stdout } = await door.inHub({
        command: "cat-file",
        options: ["--batch"],
        stdin: Buffer.concat([Buffer.from(`${commit}:`), name, Buffer.from("\n")]),
      });
      return parseBlob(stdout);
    },
    async commitInfo(oid) {
      const { stdout } = await door.inHub({ command: "cat-file", options: ["--batch"], stdin: `${oid}^{commit}\n` });
      const end = stdout.indexOf(0x0a);
      const [found = "", type, size] = stdout.toString("latin1", 0, end).split(" ");
      if (type !== "commit") throw objectMissing(oid);
      return parseCommit(parseOid(found), stdout.subarray(end + 1, end + 1 + Number(size)));
    },
    log: async (from, to, limit) =>
      readLog(await door.hubPlace(), { to, limit, ...(from === undefined ? {} : { from }) }),
  };
}

export interface RawChange {
  readonly status: ChangedPath["status"];
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldOid: Oid;
  readonly newOid: Oid;
  readonly path: Buffer;
}

/** Reads `diff-tree --raw -z` without renames: `:<mode> <mode> <oid> <oid> <letter>` NUL `<path>` NUL. */
export function parseRaw(output: Buffer): readonly RawChange[] {
  const parts = splitNul(output);
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = "", newMode = "", oldOid = "", newOid = "", letter = ""] = parts[at]!.toString("latin1")
      .slice(1)
      .split(" ");
    const status = letter === "A" ? "added" : letter === "D" ? "deleted" : letter === "T" ? "typeChanged" : "changed";
    changes.push({ status, oldMode, newMode, oldOid: oldOid as Oid, newOid: newOid as Oid, path: parts[at + 1]! });
  }
  return changes;
}

function parseBlob(output: Buffer): Buffer | undefined {
  const end = output.indexOf(0x0a);
  const [, type, size] = output.toString("latin1", 0, end).split(" ");
  return type === "blob" ? output.subarray(end + 1, end + 1 + Number(size)) : undefined;
}

/** A name that `--batch` cannot be asked for by line. */
async function readByTree(door: GitDoor, commit: Oid, name: Buffer): Promise<Buffer | undefined> {
  const { stdout } = await door.inHub({ command: "ls-tree", options: ["-r", "-z", "--full-tree"], values: [commit] });
  for (const entry of splitNul(stdout)) {
    const tab = entry.indexOf(0x09);
    if (!entry.subarray(tab + 1).equals(name)) continue;
    const oid = parseOid(entry.toString("latin1", 0, tab).split(" ")[2] ?? "");
    return parseBlob((await door.inHub({ command: "cat-file", options: ["--batch"], stdin: `${oid}\n` })).stdout);
  }
  return undefined;
}
