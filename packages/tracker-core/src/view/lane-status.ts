import type { Lane } from "../domain/lane.ts";
import { findLane, gatesOf, type Tracker } from "../domain/tracker.ts";

/** The seed's words for a lane; finer states stand beside them. */
export type LaneStatus = "pending" | "running" | "completed" | "failed" | "blocked";

/**
 * `blocked`: it was stopped, a lane it needs did not succeed, or it is parked until a task that it needs is done; only the
 * last goes on by itself.
 */
export function laneStatus(tracker: Tracker, lane: Lane): LaneStatus {
  switch (lane.state) {
    case "completed":
      return "completed";
    case "failed":
      return "failed";
    case "stopped":
    case "parked":
      return "blocked";
    case "pending":
      return needsWhatFailed(tracker, lane, new Set()) ? "blocked" : "pending";
    default:
      return "running";
  }
}

function needsWhatFailed(tracker: Tracker, lane: Lane, seen: Set<string>): boolean {
  return gatesOf(tracker, lane).some((id) => {
    const dependency = findLane(tracker, id);
    if (dependency === undefined || seen.has(id)) return false;
    seen.add(id);
    return (
      dependency.state === "failed" || dependency.state === "stopped" || needsWhatFailed(tracker, dependency, seen)
    );
  });
}
