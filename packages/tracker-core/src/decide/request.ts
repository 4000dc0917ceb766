import type { LaneId } from "@orchard/kernel";
import { isActive, isLanded, isWaiting, type Lane } from "../domain/lane.ts";
import { lanesInOrder, type Tracker } from "../domain/tracker.ts";
import { laneBusy, laneNotRetryable } from "../errors.ts";
import { happened, NOTHING, requireLane, type TrackerDecision } from "./decision.ts";

/** Asks whoever drives to end the lane's agent. A lane with nothing to end is only kept from starting. */
export function requestStop(
  tracker: Tracker,
  intent: { readonly lane: LaneId; readonly reason: string },
): TrackerDecision<"requested" | "stopped" | "nothing"> {
  const lane = requireLane(tracker, intent.lane);
  if (isWaiting(lane)) {
    return { facts: [{ type: "lane-stopped", ...intent }], outcome: "stopped" };
  }
  if (!isActive(lane)) return { facts: [], outcome: "nothing" };
  if (lane.stopRequested !== undefined) return { facts: [], outcome: "requested" };
  return { facts: [{ type: "stop-requested", ...intent }], outcome: "requested" };
}

/** The lane is stopped: nothing of it runs any more. */
export function recordStopped(
  tracker: Tracker,
  intent: { readonly lane: LaneId; readonly reason: string },
): TrackerDecision {
  const lane = requireLane(tracker, intent.lane);
  const mayRun = isActive(lane) || lane.state === "retrying" || lane.state === "parked";
  return mayRun && lane.state !== "running" ? happened({ type: "lane-stopped", ...intent }) : NOTHING;
}

/**
 * Another try, on from the kept work or (`fresh`) from the base. Throws `LANE_BUSY` while it runs and
 * `LANE_NOT_RETRYABLE` when it has landed, or when `fresh` would take away what other lanes already contain.
 */
export function requestRetry(
  tracker: Tracker,
  intent: { readonly lane: LaneId; readonly fresh: boolean; readonly attempts: number },
): TrackerDecision<"retrying" | "nothing"> {
  const lane = requireLane(tracker, intent.lane);
  if (isActive(lane)) throw laneBusy(lane.id, lane.state);
  if (isLanded(lane)) throw laneNotRetryable(lane.id, "its work has landed");
  if (lane.state === "pending" || lane.state === "retrying") return { facts: [], outcome: "nothing" };
  if (lane.merge?.state === "intended") throw laneNotRetryable(lane.id, "its work is just landing");
  const builtOn = intent.fresh ? lanesBuiltOn(tracker, lane) : [];
  if (builtOn.length > 0) {
    throw laneNotRetryable(lane.id, `its work is contained in ${builtOn.map(({ id }) => `"${id}"`).join(", ")}`);
  }
  return { facts: [{ type: "retry-requested", ...intent }], outcome: "retrying" };
}

function lanesBuiltOn(tracker: Tracker, lane: Lane): readonly Lane[] {
  return lanesInOrder(tracker).filter(
    (other) => !isLanded(other) && other.worktree !== undefined && other.contains.some((part) => part.lane === lane.id),
  );
}
