import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { WorktreePlace } from "../git/git-door.ts";
import { splitNul } from "../git/paths.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { inspectWorktree } from "../worktrees/inspect-worktree.ts";
import { listWorktrees, type Worktree } from "../worktrees/read-worktrees.ts";
import { sparsenessOf } from "../worktrees/sparse-checkout.ts";
import type { RemovableWorktree } from "./verify-removable.ts";

/** How many worktrees the pool may hold. */
export interface PoolSize {
  readonly atMost: number;
}

/** The lock of a worktree in the pool; nobody's work is in one. */
export const POOL_REASON = "Orchard's pool: kept for the next worktree";

const POOL_NAME = /^pool-[1-9][0-9]*$/;

/** The worktrees of the pool beside `path`: nothing but tracked files, detached. */
export async function pooledWorktrees(repo: Repository, path: string): Promise<readonly Worktree[]> {
  const { worktrees } = await listWorktrees(repo);
  return worktrees.filter(
    (each) =>
      each.locked === POOL_REASON && dirname(each.path) === dirname(path) && POOL_NAME.test(basename(each.path)),
  );
}

/**
 * Where in the pool the tracked files of a worktree may go on to: beside it, as `pool-<n>`. `undefined` when the pool is
 * full, a git holds a lock there, the trash lies on another disk, or the worktree is not just what its commit says: not
 * clean, or with modules, or with files that git was told not to look at. Then all of it goes to the trash. The caller
 * holds the mutex.
 */
export async function placeInPool(
  repo: Repository,
  { path, gitDir }: RemovableWorktree,
  { atMost }: PoolSize,
): Promise<string | undefined> {
  if ((await pooledWorktrees(repo, path)).length >= atMost) return undefined;
  const { staged, unstaged, untracked, conflicted, operation, head, indexLock } = await inspectWorktree(repo, path);
  const dirt = [staged, unstaged, untracked, conflicted].reduce((sum, { count }) => sum + count, 0);
  if (dirt > 0 || operation !== undefined || head === undefined) return undefined;
  if (indexLock || (await isThere(join(gitDir, "HEAD.lock"))) || (await isThere(join(gitDir, "modules"))))
    return undefined;
  if ((await stat(path)).dev !== (await stat(repo.stateDir)).dev) return undefined;
  if (await hasUnseen(repo, { root: path, gitDir })) return undefined;
  for (let number = 1; ; number += 1) {
    const place = join(dirname(path), `pool-${number}`);
    if (!(await isThere(place))) return place;
  }
}

/** Whether `git status` does not speak for every tracked file: some are not looked at, or are repositories. */
async function hasUnseen(repo: Repository, place: WorktreePlace): Promise<boolean> {
  const sparseness = await sparsenessOf(place.gitDir);
  if (sparseness === "other") return true;
  const { stdout } = await repo.door.inWorktree(place, {
    command: "ls-files",
    options: ["-v", "--stage", "-z"],
    limitMs: 300_000,
  });
  const seen = new Set(["H", ...(sparseness === "ours" ? [LEFT_OUT] : [])]);
  return splitNul(stdout).some((line) => {
    const [tag = "", mode] = line.toString("latin1", 0, "H 100644".length).split(" ");
    return !seen.has(tag) || mode === GITLINK;
  });
}

/** How `git ls-files -v` marks a file that need not be there; a lower letter, one that is taken for unchanged. */
const LEFT_OUT = "S";
const GITLINK = "160000";
