import type { LaneId } from "@orchard/kernel";
import type { Lane } from "../domain/lane.ts";
import { isLanded } from "../domain/lane.ts";
import type { Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import { requireLane, type TrackerDecision } from "./decision.ts";

/** What a landing found out about one commit of a lane. */
export type LandingStep = Extract<
  TrackerFact,
  { readonly type: "landing-intended" | "lane-landed" | "lane-conflicted" | "lane-rejected" }
>;

/**
 * Records a step of a lane's landing. `overtaken`: the lane is no longer done with just that commit (it is tried
 * again, or has landed), so nothing is recorded and nothing may be moved. `undoing`: the same, for what would announce a
 * landing between the steps of an undo.
 */
export function landStep(tracker: Tracker, step: LandingStep): TrackerDecision<"recorded" | "overtaken" | "undoing"> {
  const lane = requireLane(tracker, step.lane);
  if (step.type === "landing-intended" && tracker.undoing !== undefined) return { facts: [], outcome: "undoing" };
  const head = step.type === "lane-conflicted" ? step.conflict.head : step.head;
  return isWaitingToLand(lane, head) ? { facts: [step], outcome: "recorded" } : { facts: [], outcome: "overtaken" };
}

/** Announces that what has landed moves on to `candidate`, not for a lane. `undoing`: not between the steps of an undo. */
export function intendBaseMerge(
  tracker: Tracker,
  move: { readonly from: string; readonly candidate: string },
): TrackerDecision<"recorded" | "undoing"> {
  return tracker.undoing === undefined
    ? { facts: [{ type: "base-merge-intended", ...move }], outcome: "recorded" }
    : { facts: [], outcome: "undoing" };
}

/**
 * The lane's finished work was restacked: what is verified and lands is its new head. `overtaken`: the lane is no longer
 * done with the old one.
 */
export function followRestack(
  tracker: Tracker,
  intent: { readonly lane: LaneId; readonly from: string; readonly head: string },
): TrackerDecision<"recorded" | "overtaken"> {
  const lane = requireLane(tracker, intent.lane);
  return isWaitingToLand(lane, intent.from) && lane.merge?.state !== "intended"
    ? { facts: [{ type: "work-restacked", ...intent }], outcome: "recorded" }
    : { facts: [], outcome: "overtaken" };
}

/** Takes an announced landing back; one that is not announced stays as it is. */
export function abandonLanding(
  tracker: Tracker,
  intent: { readonly lane: LaneId; readonly candidate: string; readonly reason: string },
): TrackerDecision<"recorded" | "overtaken"> {
  const { merge } = requireLane(tracker, intent.lane);
  const isAnnounced = merge?.state === "intended" && merge.candidate === intent.candidate;
  return isAnnounced
    ? { facts: [{ type: "landing-abandoned", ...intent }], outcome: "recorded" }
    : { facts: [], outcome: "overtaken" };
}

function isWaitingToLand(lane: Lane, head: string): boolean {
  return lane.state === "completed" && lane.work?.head === head && !isLanded(lane);
}
