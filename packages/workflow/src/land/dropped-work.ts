import type { LaneId } from "@orchard/kernel";
import { type Dropped, type Lane, lanesInOrder, recordedTasks } from "@orchard/tracker-core";
import { droppedChanges, type Oid, parseOid, type Repository } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { takenOutBy } from "./taken-out.ts";

interface Landing {
  readonly landed: Oid;
  readonly candidate: Oid;
  /** The history that it brings. */
  readonly theirs: Oid;
}

/**
 * What others landed since the lane began and its landing would take back; `undefined`: nothing. Only a lane whose
 * history holds that work can do so (a base brought in and resolved with "ours", an older copy of a file put over it,
 * a revert): git merges such a lane without a conflict. Work that a restack took out is on record and none of it.
 */
export async function droppedWork(driver: Driver, lane: Lane, landing: Landing): Promise<Dropped | undefined> {
  const repository = await driver.orchard.repository();
  const start = startOf(lane);
  if (start === undefined || !(await hasBroughtIn(repository, start, landing))) return undefined;
  const dropped = await droppedChanges(repository, { start, ...landing });
  if (dropped.length === 0) return undefined;
  const files = new Set(dropped.map(({ path }) => path));
  const lanes = await broughtBy(driver, repository, { lane, start, ...landing }, files);
  const tasks = new Set((await takenOutBy(driver.orchard, lane)).without?.map(({ commit }) => commit));
  if (tasks.size > 0 && lanes.length > 0) {
    const knowingly = await lanesOfTasks(driver, tasks);
    if (lanes.every((id) => knowingly.has(id))) return undefined;
  }
  return { lanes, files: [...files] };
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

async function broughtBy(
  driver: Driver,
  repository: Repository,
  { lane, start, candidate }: Landing & { readonly lane: Lane; readonly start: Oid },
  files: ReadonlySet<string>,
): Promise<readonly LaneId[]> {
  const found: LaneId[] = [];
  for (const other of lanesInOrder(await driver.orchard.tracker())) {
    if (other.id === lane.id || other.merge?.state !== "landed") continue;
    const commit = parseOid(other.merge.commit);
    if (await repository.isAncestor(commit, start)) continue;
    const before = (await repository.commitInfo(commit)).parents[0];
    if (before === undefined) continue;
    const own = await droppedChanges(repository, { start: before, landed: commit, candidate });
    if (own.some(({ path }) => files.has(path))) found.push(other.id);
  }
  return found;
}

async function lanesOfTasks(driver: Driver, commits: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const { progress } = (await driver.orchard.folded()).state;
  const lanes = new Set<string>();
  for (const { record } of recordedTasks(progress)) {
    const { work } = record;
    if (work?.commit !== undefined && commits.has(work.commit) && work.place.lane !== undefined)
      lanes.add(work.place.lane);
  }
  return lanes;
}
