import { cp, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { onDisk } from "../checkout/blockers.ts";
import { splitNul } from "../git/paths.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree, requireWorktree, whyTampered } from "../worktrees/find-worktree.ts";
import { inspectWorktree } from "../worktrees/inspect-worktree.ts";
import { isThere } from "../worktrees/operation.ts";
import { listWorktrees, type Worktree } from "../worktrees/read-worktrees.ts";
import { moveFolder } from "./move-folder.ts";
import { type TrashEntry, trashOf } from "./trash-entry.ts";
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
 * full, the worktree is not clean, has modules of its own, or the trash lies on another disk: then all of it goes to the
 * trash. The caller holds the mutex.
 */
export async function placeInPool(
  repo: Repository,
  { path, gitDir }: RemovableWorktree,
  { atMost }: PoolSize,
): Promise<string | undefined> {
  if ((await pooledWorktrees(repo, path)).length >= atMost) return undefined;
  const { staged, unstaged, untracked, conflicted, operation, head } = await inspectWorktree(repo, path);
  const dirt = [staged, unstaged, untracked, conflicted].reduce((sum, { count }) => sum + count, 0);
  if (dirt > 0 || operation !== undefined || head === undefined || (await isThere(join(gitDir, "modules"))))
    return undefined;
  if ((await stat(path)).dev !== (await stat(repo.stateDir)).dev) return undefined;
  for (let number = 1; ; number += 1) {
    const place = join(dirname(path), `pool-${number}`);
    if (!(await isThere(place))) return place;
  }
}

/**
 * Moves ignored files and a copy of the admin folder to the trash, and what is tracked to the pool, detached, with nothing
 * in its admin folder that was anybody's. Each step is seen to be done before it is done, so that after a crash the whole
 * is called again. The caller holds the mutex.
 */
export async function finishRetirement(repo: Repository, entry: TrashEntry): Promise<void> {
  const { path, retiredTo = "", head } = entry;
  const trash = trashOf(repo, entry);
  const gitDir = join(repo.place.commonDir, "worktrees", entry.admin);
  if (!(await isThere(join(trash, "admin")))) {
    await rm(join(trash, "copy"), { recursive: true, force: true });
    await cp(gitDir, join(trash, "copy"), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    await rename(join(trash, "copy"), join(trash, "admin"));
  }
  await mkdir(join(trash, "tree"), { recursive: true });
  if ((await findWorktree(repo, path)) !== undefined && (await isThere(path))) {
    const place = await requireWorktree(repo, path);
    await moveIgnored(repo, place.root, join(trash, "tree"));
    const detach = { command: "update-ref", options: ["--no-deref"], values: ["HEAD", head ?? ""] } as const;
    await repo.door.inWorktree(place, detach);
    for (const name of NOT_THE_POOLS) await rm(join(gitDir, name), { recursive: true, force: true });
    await writeFile(join(gitDir, "locked"), POOL_REASON);
    await moveFolder(path, retiredTo);
  }
  await writeFile(join(gitDir, "gitdir"), `${join(retiredTo, ".git")}\n`);
}

/** What an admin folder remembers of its worktree's work and of those who keep files there. */
const NOT_THE_POOLS = ["orch", "logs", "ORIG_HEAD", "FETCH_HEAD", "MERGE_MSG", "COMMIT_EDITMSG", "refs"];

async function moveIgnored(repo: Repository, root: string, to: string): Promise<void> {
  const place = await requireWorktree(repo, root);
  const options = ["-z", "--others", "--ignored", "--exclude-standard", "--directory"];
  const { stdout } = await repo.door.inWorktree(place, { command: "ls-files", options, limitMs: 300_000 });
  for (const listed of splitNul(stdout)) {
    const path = listed.at(-1) === SLASH ? listed.subarray(0, -1) : listed;
    const target = onDisk(to, path);
    await mkdir(target.subarray(0, target.lastIndexOf(SLASH)), { recursive: true });
    await rename(onDisk(root, path), target);
  }
}

const SLASH = 0x2f;

/** Whether a worktree of the pool is still as it was left: its links as recorded. */
export async function isUntouched(repo: Repository, { path, gitDir }: Worktree): Promise<boolean> {
  return (await isThere(path)) && (await whyTampered(repo, { root: path, gitDir })) === undefined;
}
