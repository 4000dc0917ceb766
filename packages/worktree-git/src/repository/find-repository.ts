import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { mainRootUnknown, unusablePath } from "../errors.ts";

/** Where a repository lies; every path is real and absolute. */
export interface RepositoryPlace {
  /** The git dir that all worktrees share. */
  readonly commonDir: string;
  /** The main work tree; in a bare repository the same as `commonDir`. */
  readonly mainRoot: string;
  /** The git dir of the worktree that we stand in. */
  readonly gitDir: string;
  readonly worktreeRoot: string;
  readonly bare: boolean;
}

/**
 * The repository that `cwd` is in, found by reading `.git` and `commondir` files; git is not started and the
 * caller's `GIT_*` variables have no say. Throws `UNUSABLE_PATH` for a path that is not UTF-8,
 * `MAIN_ROOT_UNKNOWN` in a linked worktree of a repository whose
 * git dir lies apart from its checkout.
 */
export function findRepository(cwd: string): RepositoryPlace | undefined {
  for (let folder = realFolder(cwd); folder !== undefined; folder = parentOf(folder)) {
    const gitDir = gitDirOf(folder);
    if (gitDir !== undefined) return placeOf(folder, gitDir);
    if (isGitDir(folder)) return basename(folder) === ".git" ? insideGitDir(folder) : barePlace(folder);
  }
  return undefined;
}

function placeOf(worktreeRoot: string, gitDir: string): RepositoryPlace {
  const commonDir = commonDirOf(gitDir);
  if (commonDir === gitDir) return { commonDir, mainRoot: worktreeRoot, gitDir, worktreeRoot, bare: false };
  const core = readCore(commonDir);
  if (core.bare) return { commonDir, mainRoot: commonDir, gitDir, worktreeRoot, bare: true };
  const mainRoot = core.worktree ?? (basename(commonDir) === ".git" ? dirname(commonDir) : undefined);
  if (mainRoot === undefined) throw mainRootUnknown(commonDir);
  return { commonDir, mainRoot: realFolder(mainRoot) ?? mainRoot, gitDir, worktreeRoot, bare: false };
}

/** Somebody stands inside `.git` itself: the checkout beside it is meant. */
function insideGitDir(gitDir: string): RepositoryPlace {
  if (readCore(gitDir).bare) return barePlace(gitDir);
  return placeOf(dirname(gitDir), gitDir);
}

function barePlace(folder: string): RepositoryPlace {
  const commonDir = commonDirOf(folder);
  return { commonDir, mainRoot: commonDir, gitDir: folder, worktreeRoot: folder, bare: true };
}

/** What `<folder>/.git` leads to, when it is a git dir or a file that names one. */
function gitDirOf(folder: string): string | undefined {
  const path = join(folder, ".git");
  const kind = kindOf(path);
  if (kind === "folder") return isGitDir(path) ? realpathSync.native(path) : undefined;
  if (kind !== "file") return undefined;
  const named = /^gitdir: ([\s\S]*?)[\r\n]*$/.exec(readFileSync(path, "utf8"))?.[1];
  const target = named === undefined ? undefined : realFolder(resolve(folder, named));
  return target !== undefined && isGitDir(target) ? target : undefined;
}

function isGitDir(folder: string): boolean {
  if (!existsSync(join(folder, "HEAD"))) return false;
  return existsSync(join(folder, "commondir")) || existsSync(join(folder, "objects"));
}

function commonDirOf(gitDir: string): string {
  const text = readIfThere(join(gitDir, "commondir"));
  if (text === undefined) return gitDir;
  return realFolder(resolve(gitDir, text.replace(/[\r\n]+$/, ""))) ?? gitDir;
}

/** `core.bare` and `core.worktree`, read lightly: the two keys that say where a checkout is. */
function readCore(gitDir: string): { readonly bare: boolean; readonly worktree: string | undefined } {
  const text = readIfThere(join(gitDir, "config")) ?? "";
  let inCore = false;
  let bare = false;
  let worktree: string | undefined;
  for (const line of text.split("\n")) {
    const section = /^\s*\[\s*([^\]"\s]+)\s*("[^\]]*)?\]/.exec(line);
    if (section !== null) inCore = section[1]?.toLowerCase() === "core" && section[2] === undefined;
    const setting = inCore ? /^\s*(?:\[[^\]]*\])?\s*([A-Za-z]+)\s*(?:=\s*(.*?))?\s*$/.exec(line) : null;
    const key = setting?.[1]?.toLowerCase();
    if (key === "bare") bare = setting?.[2] === undefined || /^(true|yes|on|1)$/i.test(setting[2]);
    if (key === "worktree" && setting?.[2]) worktree = resolve(gitDir, setting[2].replace(/^"(.*)"$/, "$1"));
  }
  return { bare, worktree };
}

function realFolder(path: string): string | undefined {
  try {
    const real = realpathSync.native(path);
    if (real.includes("\ufffd")) throw unusablePath(real, "its name is not UTF-8");
    return real;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP", "EACCES")) return undefined;
    throw error;
  }
}

function parentOf(folder: string): string | undefined {
  const parent = dirname(folder);
  return parent === folder ? undefined : parent;
}

function kindOf(path: string): "file" | "folder" | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() ? "folder" : stat?.isFile() ? "file" : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return undefined;
    throw error;
  }
}
