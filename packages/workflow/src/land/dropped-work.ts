import type { LaneId } from "@orchard/kernel";
import { type Dropped, findTask, type Lane, lanesInOrder } from "@orchard/tracker-core";
import { droppedChanges, type Oid, parseOid, type Repository } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { taskWorktreeOf } from "./own-tasks.ts";

interface Landing {
  readonly landed: Oid;
  readonly candidate: Oid;
  /** The history that it brings. */
  readonly theirs: Oid;
}

/**
 * What others landed since the lane began and its landing would take back; `undefined`: nothing. Only a lane whose
 * history holds that work can do so (a base brought in and resolved with "ours", an older copy of a file put over it,
 * a revert): git merges such a lane without a conflict. What its tasks were built on came in on record: that it may change.
 */
export async function droppedWork(driver: Driver, lane: Lane, landing: Landing): Promise<Dropped | undefined> {
  const repository = await driver.orchard.repository();
  const start = startOf(lane);
  if (start === undefined || !(await hasBroughtIn(repository, start, landing))) return undefined;
  const dropped = await droppedChanges(repository, { start, ...landing });
  if (dropped.length === 0) return undefined;
  const all = dropped.map(({ path }) => path);
  const losses = await lossesOf(driver, repository, { lane, start, ...landing });
  const known = await knownLanes(driver, lane);
  const lanes = [...losses.keys()].filter((id) => !known.has(id));
  const theirs = new Set(lanes.flatMap((id) => losses.get(id) ?? []));
  const named = new Set([...losses.values()].flat());
  const files = all.filter((path) => theirs.has(path) || !named.has(path));
  return files.length === 0 ? undefined : { lanes, files };
}

/** Where the lane first began: what landed after that its agent did not have before it. */
function startOf({ worktree, setAside }: Lane): Oid | undefined {
  const { start, firstStart } = worktree ?? setAside?.worktree ?? {};
  const first = firstStart ?? start;
  return first === undefined ? undefined : parseOid(first);
}

async function hasBroughtIn(repository: Repository, start: Oid, { landed, theirs }: Landing): Promise<boolean> {
  const fork = await repository.mergeBase(landed, theirs);
  return fork !== undefined && !(await repository.isAncestor(fork, start));
}

/** By landed lane: the files in which just its own landing would be lost. */
async function lossesOf(
  driver: Driver,
  repository: Repository,
  { lane, start, candidate }: Landing & { readonly lane: Lane; readonly start: Oid },
): Promise<ReadonlyMap<LaneId, readonly string[]>> {
  const losses = new Map<LaneId, readonly string[]>();
  for (const other of lanesInOrder(await driver.orchard.tracker())) {
    if (other.id === lane.id || other.merge?.state !== "landed") continue;
    const commit = parseOid(other.merge.commit);
    if (await repository.isAncestor(commit, start)) continue;
    const before = (await repository.commitInfo(commit)).parents[0];
    if (before === undefined) continue;
    const own = await droppedChanges(repository, { start: before, landed: commit, candidate });
    if (own.length > 0)
      losses.set(
        other.id,
        own.map(({ path }) => path),
      );
  }
  return losses;
}

/** Lanes whose work came in on record: its tasks were built on it, or a restack took it out again. */
async function knownLanes({ orchard }: Driver, lane: Lane): Promise<ReadonlySet<string>> {
  const { progress } = (await orchard.folded()).state;
  const worktree = await taskWorktreeOf(orchard, progress, lane);
  const owners = (worktree?.brought ?? []).map(({ spec, task }) => findTask(progress, spec, task)?.work?.place.lane);
  return new Set([...owners.filter((id) => id !== undefined), ...lane.contains.map((part) => part.lane)]);
}
