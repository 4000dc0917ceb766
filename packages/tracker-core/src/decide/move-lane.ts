import { assertNever } from "@orchard/kernel";
import { LANE_ARROWS, type LaneState } from "../domain/lane.ts";
import type { Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import { requireLane, type TrackerDecision } from "./decision.ts";

/** A step of a lane that whoever carries it has taken in the world and now wants on record. */
export type LaneStep = Extract<
  TrackerFact,
  { readonly type: "lane-preparing" | "worktree-ready" | "attempt-failed" | "lane-completed" }
>;

/**
 * Records a step of a lane. `overtaken`: the lane has moved on since the carrier looked (somebody stopped it), so
 * nothing is recorded and the carrier looks again.
 */
export function moveLane(tracker: Tracker, step: LaneStep): TrackerDecision<"recorded" | "overtaken"> {
  const lane = requireLane(tracker, step.lane);
  return LANE_ARROWS[lane.state].includes(targetOf(step))
    ? { facts: [step], outcome: "recorded" }
    : { facts: [], outcome: "overtaken" };
}

function targetOf(step: LaneStep): LaneState {
  switch (step.type) {
    case "lane-preparing":
      return "preparing";
    case "worktree-ready":
      return "ready";
    case "attempt-failed":
      return step.retryAt === undefined ? "failed" : "retrying";
    case "lane-completed":
      return "completed";
    default:
      return assertNever(step);
  }
}
