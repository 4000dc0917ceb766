import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { notAWorktree, worktreeTampered } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { namesIn } from "../repository/names-in.ts";
import { plainText } from "../repository/plain-text.ts";
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
  const names = [...(await namesIn(folder))];
  for (const name of names.sort((a, b) => Number(b.startsWith(first)) - Number(a.startsWith(first)))) {
    if ((await recordedRoot(join(folder, name))) === root) return { root, gitDir: join(folder, name) };
  }
  return undefined;
}

/** Where the work tree of a linked git dir lies, as git recorded it. */
export async function recordedRoot(gitDir: string): Promise<string | undefined> {
  const recorded = await lineOf(join(gitDir, "gitdir"));
  return recorded === "" ? undefined : dirname(resolve(gitDir, recorded));
}

/** What no longer is as git recorded it: `.git` file, `commondir`. `undefined` when all of it is. */
export async function whyTampered(repo: Repository, { root, gitDir }: WorktreePlace): Promise<string | undefined> {
  if (gitDir === repo.place.commonDir) return undefined;
  const file = join(root, ".git");
  const stat = await lstat(file).catch(() => undefined);
  if (stat?.isFile() !== true) return "its .git is not a file";
  const named = /^gitdir: ([\s\S]*)$/.exec(await lineOf(file))?.[1];
  if (named === undefined || resolve(root, named) !== gitDir) return "its .git file names another git dir";
  const common = await lineOf(join(gitDir, "commondir"));
  if (common === "" || resolve(gitDir, common) !== repo.place.commonDir) return OTHER_REPOSITORY;
  return undefined;
}

/** What {@link whyTampered} says where the git dir itself was changed, not only the `.git` file that leads to it. */
export const OTHER_REPOSITORY = "commondir names another repository";

/** A one-line file without the newline at its end; empty when there is none. */
async function lineOf(path: string): Promise<string> {
  return (await plainText(path)).replace(/[\r\n]+$/, "");
}
