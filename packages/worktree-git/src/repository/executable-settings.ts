import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { GitSetting } from "../git/environment.ts";
import { git } from "../git/git.ts";
import { shownPath, splitNul } from "../git/paths.ts";

/** A setting of git that makes it run a program, or a hook: data to record and to compare. */
export interface ExecutableSetting {
  readonly kind: "setting" | "hook";
  /** Key as git prints it (`filter.lfs.clean`), or the hook's file name. */
  readonly key: string;
  /** The command; of a hook the SHA-256 of its content. */
  readonly value: string;
  /** `system`, `global`, `local`, `worktree`, or `hooks`. */
  readonly scope: string;
}

/**
 * Keys whose value is, names or triggers a program. Our calls never run most of them at all (hooks, monitors,
 * helpers and signing are off in the door); filters and merge drivers run when accepted.
 */
const RUNS_A_PROGRAM = new RegExp(
  `^(?:${[
    "core\\.(?:hookspath|fsmonitor|sshcommand|editor|pager|askpass|gitproxy|alternaterefscommand|worktree|attributesfile)",
    "filter\\..+\\.(?:clean|smudge|process|required)",
    "merge\\..+\\.driver",
    "diff\\.external",
    "diff\\..+\\.(?:command|textconv)",
    "(?:merge|diff)tool\\..+\\.(?:cmd|path)",
    "(?:gpg|gpg\\..+)\\.(?:program|defaultkeycommand)",
    "sequence\\.editor",
    "interactive\\.difffilter",
    "credential\\.(?:.+\\.)?helper",
    "pager\\..+",
    "alias\\..+",
    "hook\\..+",
    "trailer\\..+\\.(?:command|cmd)",
    "remote\\..+\\.(?:uploadpack|receivepack|vcs)",
    "submodule\\..+\\.update",
    "uploadpack\\.packobjectshook",
    "tar\\..+\\.command",
    "(?:browser|man|guitool)\\..+\\.(?:cmd|path)",
    "init\\.templatedir",
    "protocol\\..*allow",
    "imap\\.tunnel",
    "sendemail\\..*(?:cmd|smtpserver)",
  ].join("|")})$`,
  "i",
);

/** What in the repository's settings (the user's own included) and hooks folder can run a program, in order. */
export async function readExecutableSettings(repo: {
  readonly place: { readonly commonDir: string; readonly mainRoot: string };
}): Promise<readonly ExecutableSetting[]> {
  const { commonDir, mainRoot } = repo.place;
  const [settings, hooks] = await Promise.all([readSettings(commonDir, mainRoot, commonDir), readHooks(commonDir)]);
  return [...settings, ...hooks].sort((a, b) => compare(a.scope, b.scope) || compare(a.key, b.key));
}

/** Executable settings as the work tree with `gitDir` sees them. */
export async function readSettings(commonDir: string, cwd: string, gitDir: string): Promise<ExecutableSetting[]> {
  const { stdout } = await git({
    command: "config",
    options: ["--list", "--show-scope", "--includes", "-z"],
    cwd,
    variables: { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: cwd },
  });
  const parts = splitNul(stdout);
  const found: ExecutableSetting[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const scope = parts[index]!.toString("latin1");
    const entry = shownPath(parts[index + 1]!);
    const end = entry.indexOf("\n");
    const key = end === -1 ? entry : entry.slice(0, end);
    if (scope === "command" || !RUNS_A_PROGRAM.test(key)) continue;
    found.push({ kind: "setting", key, value: end === -1 ? "true" : entry.slice(end + 1), scope });
  }
  return found;
}

const CONTENT_DRIVER = /^(?:filter\..+\.(?:clean|smudge|process|required)|merge\..+\.driver)$/i;

/** Accepted content filters and merge drivers: those that go on working. */
export function acceptedDrivers(accepted: readonly ExecutableSetting[]): readonly GitSetting[] {
  return accepted.filter(({ key }) => /^merge\..+\.driver$/i.test(key)).map(({ key, value }) => [key, value] as const);
}

/** Filters and drivers that stand in the settings now and were not accepted just so. */
export function notAccepted(
  now: readonly ExecutableSetting[],
  accepted: readonly ExecutableSetting[],
): readonly ExecutableSetting[] {
  const known = new Set(accepted.map(({ key, value }) => `${key}\0${value}`));
  return now.filter(({ key, value }) => CONTENT_DRIVER.test(key) && !known.has(`${key}\0${value}`));
}

/** Settings above the repository's that make each of these run nothing. */
export function silence(settings: readonly ExecutableSetting[]): readonly GitSetting[] {
  const silenced = new Map<string, string>();
  for (const { key } of settings) {
    const filter = /^(filter\..+)\.(?:clean|smudge|process|required)$/i.exec(key)?.[1];
    if (filter === undefined) {
      silenced.set(key, "false");
      continue;
    }
    for (const part of ["clean", "smudge", "process"]) silenced.set(`${filter}.${part}`, "");
    silenced.set(`${filter}.required`, "false");
  }
  return [...silenced];
}

async function readHooks(commonDir: string): Promise<ExecutableSetting[]> {
  const folder = join(commonDir, "hooks");
  const names = await readdir(folder).catch((error: unknown) => {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  });
  const hooks: ExecutableSetting[] = [];
  for (const name of names.filter((each) => !each.endsWith(".sample"))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true || (found.mode & 0o111) === 0) continue;
    const value = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    hooks.push({ kind: "hook", key: name, value, scope: "hooks" });
  }
  return hooks;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
