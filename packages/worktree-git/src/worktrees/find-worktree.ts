import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { notAWorktree, worktreeTampered } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * The work tree at `path` and its git dir, from what git recorded in the common dir; the `.git` file in the work
 * tree is not believed but compared. Throws `NOT_A_WORKTREE`, and `WORKTREE_TAMPERED` when they disagree.
 */
export async function requireWorktree(repo: Repository, path: string): Promise<WorktreePlace> {
  const place = await findWorktree(repo, path);
  if (place === undefined) throw notAWorktree(path);
  const tampered = await whyTampered(repo, place);
  if (tampered !== undefined) throw worktreeTampered(path, tampered);
  return place;
}

/**
 * The work tree at `path` and its git dir, as git recorded them; `undefined` when it recorded none there. The work
 * tree's own `.git` is not looked at, and need not be there.
 */
export async function findWorktree(repo: Repository, path: string): Promise<WorktreePlace | undefined> {
  const root = await realpath(path).catch(() => resolve(path));
  if (root === repo.place.mainRoot) return { root, gitDir: repo.place.commonDir };
  const folder = join(repo.place.commonDir, "worktrees");
  const first = basename(root);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  });
  for (const name of names.sort((a, b) => Number(b.startsWith(first)) - Number(a.startsWith(first)))) {
    const recorded = await textOf(join(folder, name, "gitdir"));
    if (recorded !== "" && dirname(resolve(folder, name, recorded)) === root)
      return { root, gitDir: join(folder, name) };
  }
  return undefined;
}

/** What no longer is as git recorded it: `.git` file, `commondir`. `undefined` when all of it is. */
export async function whyTampered(repo: Repository, { root, gitDir }: WorktreePlace): Promise<string | undefined> {
  if (gitDir === repo.place.commonDir) return undefined;
  const file = join(root, ".git");
  const stat = await lstat(file).catch(() => undefined);
  if (stat?.isFile() !== true) return "its .git is not a file";
  const named = /^gitdir: ([\s\S]*)$/.exec(await textOf(file))?.[1];
  if (named === undefined || resolve(root, named) !== gitDir) return "its .git file names another git dir";
  const common = await textOf(join(gitDir, "commondir"));
  if (common === "" || resolve(gitDir, common) !== repo.place.commonDir) return "commondir names another repository";
  return undefined;
}

/** A one-line file without the newline at its end; empty when there is none. */
async function textOf(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.replace(/[\r\n]+$/, "");
}
