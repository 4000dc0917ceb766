import type { Json } from "@orchard/kernel";
import type { Lane } from "../domain/lane.ts";
import { findLane, type Home, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import { notInitialised, unknownLane } from "../errors.ts";

/** What shall be recorded, and what the asker is told. No facts: nothing to record. */
export interface TrackerDecision<Outcome extends Json = null> {
  readonly facts: readonly TrackerFact[];
  readonly outcome: Outcome;
}

/** Nothing is to be recorded, and nothing to be told. */
export const NOTHING: TrackerDecision = { facts: [], outcome: null };

/** `facts` are to be recorded; there is nothing to be told besides. */
export function happened(...facts: readonly TrackerFact[]): TrackerDecision {
  return { facts, outcome: null };
}

/** Throws `NOT_INITIALISED`. */
export function requireHome(tracker: Tracker): Home {
  if (tracker.home === undefined) throw notInitialised();
  return tracker.home;
}

/** Throws `UNKNOWN_LANE`. */
export function requireLane(tracker: Tracker, id: string): Lane {
  const lane = findLane(tracker, id);
  if (lane === undefined) throw unknownLane(id, Object.keys(tracker.lanes));
  return lane;
}
