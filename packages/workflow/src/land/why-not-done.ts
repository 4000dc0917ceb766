import { type LaneId, printableLine } from "@orchard/kernel";
import { isLanded, requireLane, waitsToLand } from "@orchard/tracker-core";
import { whyLane } from "../explain/why-lane.ts";
import type { Orchard } from "../orchard/open-orchard.ts";

/**
 * Why a lane that was asked for by name has nothing to land, and the command that moves it on; `undefined` when it can be
 * tried, and when it has landed. Throws `UNKNOWN_LANE`.
 */
export async function whyNotDone(orchard: Orchard, id: LaneId): Promise<string | undefined> {
  const { state } = await orchard.folded();
  const lane = requireLane(state.tracker, id);
  if (waitsToLand(lane) || isLanded(lane)) return undefined;
  const { sentence, next } = whyLane(state, id, orchard.ports.clock.now());
  const why = `${lane.state === "completed" ? "" : "its work is not done. "}${printableLine(sentence, 300)}`;
  return next === undefined ? why : `${why} Next: ${next}`;
}
