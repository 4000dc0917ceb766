import type { Phase, Tracker } from "../domain/tracker.ts";
import { happened, NOTHING, type TrackerDecision } from "./decision.ts";

/** Begins a run of a workflow; one that was open ends with it. */
export function startRun(
  tracker: Tracker,
  intent: { readonly run: string; readonly workflow: "full" },
): TrackerDecision {
  const open = tracker.run !== undefined && tracker.run.endedAt === undefined ? tracker.run : undefined;
  const started = { type: "run-started", ...intent } as const;
  return open === undefined
    ? happened(started)
    : happened({ type: "run-ended", run: open.run, outcome: "given up for a new one" }, started);
}

/** A phase of the run is done; told twice it changes nothing. */
export function endRunPhase(
  tracker: Tracker,
  intent: { readonly run: string; readonly phase: Phase },
): TrackerDecision {
  const run = tracker.run;
  const isOpen = run?.run === intent.run && run.endedAt === undefined;
  return isOpen && !run.done.includes(intent.phase) ? happened({ type: "run-phase-ended", ...intent }) : NOTHING;
}

/** A run is at its end; nothing is recorded when it was before, or when a newer one has begun. */
export function endRun(tracker: Tracker, intent: { readonly run: string; readonly outcome: string }): TrackerDecision {
  const run = tracker.run;
  return run?.run === intent.run && run.endedAt === undefined ? happened({ type: "run-ended", ...intent }) : NOTHING;
}
