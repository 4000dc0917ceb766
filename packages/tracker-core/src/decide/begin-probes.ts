import type { LaneId } from "@orchard/kernel";
import type { Lane, LaneDefinition } from "../domain/lane.ts";
import { findLane, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import { laneExists } from "../errors.ts";
import { requireHome, type TrackerDecision } from "./decision.ts";

/** The wish that probes run, each as a lane of its own. */
export interface ProbeIntent {
  readonly lanes: readonly { readonly lane: LaneId; readonly definition: LaneDefinition }[];
  /** How many attempts each may make. */
  readonly attempts: number;
}

/**
 * Phase 1 begins: a lane for each probe, added, or begun anew from the newest base where an earlier run of it is over.
 * One that is at work is left at it. Throws `LANE_EXISTS` where somebody else's lane has that name.
 */
export function beginProbes(tracker: Tracker, { lanes, attempts }: ProbeIntent): TrackerDecision {
  requireHome(tracker);
  const facts = lanes.flatMap(({ lane, definition }) => begun(findLane(tracker, lane), { lane, definition, attempts }));
  const isPhase = tracker.phase === 1 && tracker.status === "running";
  const phase: readonly TrackerFact[] = isPhase ? [] : [{ type: "phase-changed", phase: 1, status: "running" }];
  return { facts: [...phase, ...facts], outcome: null };
}

function begun(
  before: Lane | undefined,
  intent: { readonly lane: LaneId; readonly definition: LaneDefinition; readonly attempts: number },
): readonly TrackerFact[] {
  const { lane, definition, attempts } = intent;
  const added = { type: "lane-added", lane, definition, attemptsAllowed: attempts } as const;
  if (before === undefined) return [added];
  if (before.definition.probe === undefined) throw laneExists(before);
  if (before.state === "pending") return [added];
  const isOver = before.state === "completed" || before.state === "failed" || before.state === "stopped";
  if (!isOver || before.merge?.state === "intended") return [];
  return [{ type: "retry-requested", lane, fresh: true, attempts }, added];
}
