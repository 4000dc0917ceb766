import { join, relative } from "node:path";
import { findLane, happened } from "@orchard/tracker-core";
import { listRescues, type RescueKey, restoreRescue } from "@orchard/worktree-git";
import { pathExists } from "../orchard/path-exists.ts";
import type { Worker } from "../orchard/worker.ts";

/**
 * Brings back what was set aside under that name and number, and says so on record: a lane whose worktree came back
 * can go on where it was. What belongs to no lane needs no record. Returns its path. After a crash the same call
 * finishes it. Throws what `restoreRescue` throws.
 */
export async function restoreWorktree(worker: Worker, key: RescueKey): Promise<string> {
  const repository = await worker.orchard.repository();
  const path = (await backAlready(worker, key)) ?? (await restoreRescue(repository, key)).path;
  const shown = relative(worker.orchard.place.mainRoot, path);
  await worker.record(`rescue ${key.name}/${key.number} restored to ${shown}`, (tracker) => {
    const lane = findLane(tracker, key.name);
    if (lane === undefined) return { facts: [], outcome: null };
    return happened({ type: "worktree-restored", lane: lane.id, number: key.number, path: shown });
  });
  return path;
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
