import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { processesInside } from "@orchard/host";
import { printableLine } from "@orchard/kernel";
import { findLane, isActive } from "@orchard/tracker-core";
import { isOwnOrAbove } from "../clean/is-own-or-above.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { probeOccupied } from "./errors.ts";
import { probeLane } from "./probe-lane.ts";

/**
 * A probe begins in a new worktree, and the one of its last run cannot go while somebody stands in it: said before
 * anything is recorded, so that no lane fails for it. Throws `PROBE_OCCUPIED`.
 */
export async function refuseOccupied(orchard: Orchard, names: readonly string[]): Promise<void> {
  const tracker = await orchard.tracker();
  for (const probe of names) {
    const lane = findLane(tracker, probeLane(probe));
    if (lane?.worktree === undefined || isActive(lane)) continue;
    const folder = await realpath(join(orchard.place.mainRoot, lane.worktree.path)).catch(() => undefined);
    const inside = folder === undefined ? [] : processesInside(folder);
    const first = inside.find(({ pid }) => isOwnOrAbove(pid)) ?? inside[0];
    if (first === undefined) continue;
    const who = isOwnOrAbove(first.pid)
      ? "this command was started in it"
      : `process ${first.pid} works in it (${printableLine(first.command, 60)})`;
    throw probeOccupied({ probe, path: lane.worktree.path, who, mainRoot: orchard.place.mainRoot });
  }
}
