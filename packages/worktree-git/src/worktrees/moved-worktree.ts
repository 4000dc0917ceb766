import { lstat, readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { nodeFiles, processesInside, writeDurable } from "@orchard/host";
import { folderExists, notAWorktree } from "../errors.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree, whyTampered } from "./find-worktree.ts";
import { underRegistration } from "./registration.ts";

/**
 * Where the worktree lies that is registered for `path`: a folder beside it whose `.git` file names the same registration.
 * `undefined` when `path` is there, or nothing beside it is it.
 */
export async function findMovedWorktree(repo: Repository, path: string): Promise<string | undefined> {
  const place = await findWorktree(repo, path);
  if (place === undefined || (await isThere(path))) return undefined;
  const beside = dirname(path);
  for (const name of await readdir(beside).catch(() => [])) {
    const folder = join(beside, name);
    if ((await lstat(folder)).isDirectory() && (await namedBy(folder)) === place.gitDir) return folder;
  }
  return undefined;
}

/**
 * Renames a worktree back to where it is registered; when it is there again, nothing is done. Throws `FOLDER_EXISTS` when
 * something else is, `NOT_A_WORKTREE` when it is not found or a process works in it.
 */
export async function moveWorktreeBack(repo: Repository, path: string): Promise<void> {
  await underRegistration(repo, `move a worktree back to ${path}`, async () => {
    if (await isThere(path)) {
      const place = await findWorktree(repo, path);
      if (place !== undefined && (await whyTampered(repo, place)) === undefined) return;
      throw folderExists(path);
    }
    const found = await findMovedWorktree(repo, path);
    if (found === undefined || processesInside(found).length > 0) throw notAWorktree(found ?? path);
    await rename(found, path);
  });
}

/**
 * The registration of a worktree whose whole repository was moved: the worktree's `.git` file and the registration name
 * each other below `formerRoot`, where there is nothing any more. `undefined` when that is not so, to the letter.
 */
export async function leftBehindRegistration(
  repo: Repository,
  { path, formerRoot }: { readonly path: string; readonly formerRoot: string },
): Promise<string | undefined> {
  const { commonDir, mainRoot } = repo.place;
  if (commonDir !== join(mainRoot, ".git") || (await isThere(join(formerRoot, ".git")))) return undefined;
  const named = await namedBy(path);
  const folders = [formerRoot, mainRoot].map((root) => join(root, ".git", "worktrees"));
  if (named === undefined || !folders.includes(dirname(named))) return undefined;
  const gitDir = join(commonDir, "worktrees", basename(named));
  const former = join(formerRoot, path.slice(mainRoot.length + 1), ".git");
  const recorded = (await readFile(join(gitDir, "gitdir"), "utf8").catch(() => "")).replace(/[\r\n]+$/, "");
  return recorded === former && (await stat(gitDir)).isDirectory() ? gitDir : undefined;
}

/** Lets a worktree and its registration name each other where they are now. Does nothing when they do. */
export async function followMove(
  repo: Repository,
  moved: { readonly path: string; readonly formerRoot: string },
): Promise<void> {
  await underRegistration(repo, `register ${moved.path} where it is now`, async () => {
    const gitDir = await leftBehindRegistration(repo, moved);
    if (gitDir === undefined) return;
    const file = join(moved.path, ".git");
    const { mode } = await lstat(file);
    // In this order: a crash between the two leaves what this function finds again.
    await writeDurable(nodeFiles, file, `gitdir: ${gitDir}\n`, { mode: mode & 0o777 });
    await writeDurable(nodeFiles, join(gitDir, "gitdir"), `${file}\n`, { mode: 0o644 });
  });
}

/** The registration that a worktree's `.git` file names; `undefined` for anything else than such a file. */
async function namedBy(folder: string): Promise<string | undefined> {
  const file = join(folder, ".git");
  const found = await lstat(file).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const named = /^gitdir: ([^\r\n]+)[\r\n]*$/.exec(await readFile(file, "utf8"))?.[1];
  return named === undefined ? undefined : resolve(folder, named);
}
