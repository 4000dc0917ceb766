import { join, relative } from "node:path";
import { findLane, happened, type LaneResolve, requireHome, resolveOf } from "@orchard/tracker-core";
import {
  inspectWorktree,
  listRescues,
  parseOid,
  parseRef,
  type RescueKey,
  restoreRescue,
  shortName,
} from "@orchard/worktree-git";
import { ensureLanded } from "../land/landed.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { resolvePath } from "../orchard/place.ts";
import type { Worker } from "../orchard/worker.ts";

/**
 * Brings back what was set aside under that name and number, and says so on record: a lane whose worktree came back
 * can go on where it was, and a conflict that is being resolved in it counts again while it is the one of the lane's work of
 * now. What belongs to no lane needs no record. Returns its path. After a crash the same call finishes it. Throws what
 * `restoreRescue` throws.
 */
export async function restoreWorktree(worker: Worker, key: RescueKey): Promise<string> {
  const repository = await worker.orchard.repository();
  const path = (await backAlready(worker, key)) ?? (await restoreRescue(repository, key)).path;
  const shown = relative(worker.orchard.place.mainRoot, path);
  const resolve = await resolveIn(worker, key, path);
  await worker.record(`rescue ${key.name}/${key.number} restored to ${shown}`, (tracker) => {
    const lane = findLane(tracker, key.name);
    if (lane === undefined) return { facts: [], outcome: null };
    return happened(
      { type: "worktree-restored", lane: lane.id, number: key.number, path: shown },
      ...(resolve === undefined ? [] : [{ type: "resolve-started", lane: lane.id, resolve } as const]),
    );
  });
  return path;
}

/** What the worktree that came back resolves: the lane's conflict, when what it led to contains the lane's work of now. */
async function resolveIn({ orchard }: Worker, key: RescueKey, path: string): Promise<LaneResolve | undefined> {
  const tracker = await orchard.tracker();
  const lane = findLane(tracker, key.name);
  if (lane?.work === undefined || lane.merge?.state !== "conflicted" || resolveOf(lane) !== undefined) return undefined;
  if (path !== resolvePath(orchard.place, lane.id)) return undefined;
  const repository = await orchard.repository();
  const pin = (await listRescues(repository)).find(({ name, number }) => name === key.name && number === key.number);
  const isOfNow = pin !== undefined && (await repository.isAncestor(parseOid(lane.work.head), pin.commit));
  const { head, branch } = await inspectWorktree(repository, path);
  if (!isOfNow || head === undefined || branch === undefined) return undefined;
  const onto = await repository.mergeBase(head, await ensureLanded(repository, parseRef(requireHome(tracker).base)));
  if (onto === undefined) return undefined;
  return { path: relative(orchard.place.mainRoot, path), branch: shortName(branch), head: lane.work.head, onto };
}

/** Its files are out of the trash and at their place: whoever brought them back died before saying so. */
async function backAlready({ orchard }: Worker, key: RescueKey): Promise<string | undefined> {
  const lane = findLane(await orchard.tracker(), key.name);
  if (lane?.setAside === undefined || lane.worktree !== undefined || lane.setAside.number !== key.number)
    return undefined;
  const inTrash = (await listRescues(await orchard.repository())).some(
    ({ name, number, trash }) => name === key.name && number === key.number && trash !== undefined,
  );
  const path = join(orchard.place.mainRoot, lane.setAside.worktree.path);
  return !inTrash && (await pathExists(path)) ? path : undefined;
}
