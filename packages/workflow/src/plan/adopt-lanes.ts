import type { LaneId } from "@orchard/kernel";
import {
  adoptPlan,
  changePhase,
  isLanded,
  keptLanes,
  type Lane,
  type Tracker,
  type TrackerDecision,
} from "@orchard/tracker-core";
import { findCycle } from "../requests/add-lane-from-json.ts";
import type { LaneOfPlan } from "./make-plan.ts";

/** What a plan changes among the lanes. */
export interface Adoption {
  readonly lanes: readonly LaneOfPlan[];
  readonly added: readonly LaneId[];
  readonly withdrawn: readonly LaneId[];
  /** Lanes that stay and are not over, probes apart. */
  readonly others: readonly Lane[];
}

/** Decides on a plan as it comes out on the tracker as it stands then. */
export function adoption(
  tracker: Tracker,
  lanes: readonly LaneOfPlan[],
  attemptsAllowed: number,
): TrackerDecision & { readonly adopted: Adoption } {
  const { facts, outcome } = adoptPlan(tracker, { lanes, attemptsAllowed }, findCycle);
  const phase = changePhase(tracker, { phase: 2, status: "completed" }).facts;
  return { facts: [...facts, ...phase], outcome: null, adopted: { lanes, ...outcome, others: otherLanes(tracker) } };
}

function otherLanes(tracker: Tracker): readonly Lane[] {
  return keptLanes(tracker).filter((lane) => {
    return lane.definition.probe === undefined && lane.definition.draft !== true && !isLanded(lane);
  });
}
