import type { LaneState } from "../domain/lane.ts";
import { findLane, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import type { TrackerDecision } from "./decision.ts";

/** A step of a lane that whoever carries it has taken in the world and now wants on record. */
export type LaneStep = Extract<
  TrackerFact,
  {
    readonly type:
      | "lane-preparing"
      | "worktree-ready"
      | "environment-allocated"
      | "worktree-set-up"
      | "attempt-failed"
      | "lane-completed"
      | "lane-parked"
      | "lane-unparked";
  }
>;

/** States that a step may follow. */
const AFTER: Readonly<Record<LaneStep["type"], readonly LaneState[]>> = {
  "lane-preparing": ["pending", "preparing", "ready", "retrying", "parked"],
  "worktree-ready": ["preparing"],
  "environment-allocated": ["ready", "retrying", "parked"],
  "worktree-set-up": ["ready", "retrying", "parked"],
  "attempt-failed": ["pending", "preparing", "ready", "intended", "settling", "retrying", "parked"],
  "lane-completed": ["settling"],
  "lane-parked": ["settling"],
  "lane-unparked": ["parked"],
};

/**
 * Records a step of a lane. `overtaken`: the lane has moved on since the carrier looked (somebody stopped it, or an
 * undo took it out again), so nothing is recorded and the carrier looks again.
 */
export function moveLane(tracker: Tracker, step: LaneStep): TrackerDecision<"recorded" | "overtaken"> {
  const state = findLane(tracker, step.lane)?.state;
  // Another try follows only an attempt that was judged.
  const isEarly = step.type === "attempt-failed" && step.retryAt !== undefined && state !== "settling";
  return state !== undefined && AFTER[step.type].includes(state) && !isEarly
    ? { facts: [step], outcome: "recorded" }
    : { facts: [], outcome: "overtaken" };
}
