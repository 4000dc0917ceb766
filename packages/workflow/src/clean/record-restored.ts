import { relative } from "node:path";
import { findLane, happened } from "@orchard/tracker-core";
import type { Worker } from "../orchard/worker.ts";

/** A lane whose worktree came back can go on where it was; what belongs to no lane needs no record. */
export async function recordRestored(
  worker: Worker,
  rescue: { readonly name: string; readonly number: number },
  path: string,
): Promise<void> {
  const shown = relative(worker.orchard.place.mainRoot, path);
  await worker.record(`rescue ${rescue.name}/${rescue.number} restored to ${shown}`, (tracker) => {
    const lane = findLane(tracker, rescue.name);
    if (lane === undefined) return { facts: [], outcome: null };
    return happened({ type: "worktree-restored", lane: lane.id, number: rescue.number, path: shown });
  });
}
