import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processesInside } from "@orchard/host";
import { isOrchardError } from "@orchard/kernel";
import type { WorktreePlace } from "../git/git-door.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import { pooledWorktrees } from "../removal/place-in-pool.ts";
import { finishRemovals } from "../removal/remove-worktree.ts";
import { isUntouched } from "../removal/retire-worktree.ts";
import type { Repository } from "../repository/repository.ts";
import { writeInTurn } from "./fresh-checkout.ts";
import { readStatus } from "./inspect-worktree.ts";
import { type AddIntent, recordPooled } from "./registration.ts";
import { refuseSilencedDrivers } from "./silenced-drivers.ts";
import { isSparseFor } from "./sparse-checkout.ts";

/** A worktree of the pool, moved to where it is wanted; its files are those of `was`. */
export interface PooledWorktree extends WorktreePlace {
  readonly was: Oid;
}

interface Wanted {
  readonly path: string;
  readonly branch: RefName;
  readonly start: Oid;
  readonly reason: string;
  readonly pool?: boolean;
  readonly sparse?: readonly string[];
}

/** Moves a worktree of the pool to `path`; `undefined` when there is none. The caller holds the mutex. */
export async function takeFromPool(
  repo: Repository,
  { path, reason, pool, sparse }: Wanted,
  intent: AddIntent,
): Promise<PooledWorktree | undefined> {
  if (pool !== true) return undefined;
  const unfinished = new Set((await finishRemovals(repo)).map(({ entry }) => entry.retiredTo));
  for (const each of await pooledWorktrees(repo, path)) {
    if (unfinished.has(each.path)) continue;
    if (each.head === undefined || !(await isUntouched(repo, each)) || processesInside(each.path).length > 0) continue;
    if (!(await isSparseFor(each.gitDir, sparse))) continue;
    await recordPooled(repo, intent, { path: each.path, gitDir: each.gitDir });
    await writeFile(join(each.gitDir, "gitdir"), `${join(path, ".git")}\n`);
    await rename(each.path, path);
    await writeFile(join(each.gitDir, "locked"), reason);
    return { root: path, gitDir: each.gitDir, was: each.head };
  }
  return undefined;
}

/**
 * Writes what differs between what the worktree holds and `start`, and puts it on its branch. False when it is not
 * exactly that commit then (somebody changed files in the pool), or git did not come to an end.
 */
export async function moveToStart(
  repo: Repository,
  place: PooledWorktree,
  wanted: Wanted & { readonly variables: Readonly<Record<string, string>> },
): Promise<boolean> {
  const { branch, start, variables } = wanted;
  await refuseSilencedDrivers(repo, place.gitDir, start);
  try {
    await writeInTurn(repo, place, { trees: [place.was, start], variables });
  } catch (error) {
    if (isOrchardError(error, "GIT_FAILED") || isOrchardError(error, "GIT_TIMED_OUT")) return false;
    throw error;
  }
  if ((await repo.resolve(branch)) === undefined) await repo.createRef(branch, start, "orchard: made for a worktree");
  await repo.door.inWorktree(place, { command: "symbolic-ref", values: ["HEAD", branch] });
  const { head, staged, unstaged, untracked, conflicted } = await readStatus(repo, place, "all");
  return head === start && [staged, unstaged, untracked, conflicted].every((paths) => paths.length === 0);
}
