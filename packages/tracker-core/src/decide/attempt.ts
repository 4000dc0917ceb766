import type { LaneId } from "@orchard/kernel";
import type { Attempt, AttemptOutcome, RecordedProcess } from "../domain/attempt.ts";
import { lastAttempt } from "../domain/attempt.ts";
import type { Lane } from "../domain/lane.ts";
import type { Tracker } from "../domain/tracker.ts";
import { attemptFenced, laneBusy } from "../errors.ts";
import { happened, NOTHING, requireLane, type TrackerDecision } from "./decision.ts";

interface Named {
  readonly lane: LaneId;
  readonly token: string;
}

/** Announces an attempt before anything is spawned. Throws `LANE_BUSY` unless the lane may start one. */
export function intendAttempt(tracker: Tracker, intent: Named & { readonly agent: string }): TrackerDecision<number> {
  const lane = requireLane(tracker, intent.lane);
  const mayStart = ["ready", "retrying", "parked"].includes(lane.state) && lane.stopRequested === undefined;
  if (!mayStart) throw laneBusy(lane.id, lane.state);
  const number = lane.attempts.filter((attempt) => attempt.abandoned !== true).length + 1;
  return { facts: [{ type: "attempt-intended", ...intent, number }], outcome: number };
}

/**
 * The supervisor's own record, made before it starts the agent. Throws `ATTEMPT_FENCED` when the attempt was
 * given up, replaced or started already: then no agent may be started.
 */
export function startAttempt(
  tracker: Tracker,
  intent: Named & { readonly supervisor: RecordedProcess },
): TrackerDecision {
  const lane = requireLane(tracker, intent.lane);
  const attempt = requireCurrent(lane, intent.token);
  if (attempt.abandoned === true) throw attemptFenced(intent.token, "it was given up before it started");
  if (attempt.startedAt !== undefined) throw attemptFenced(intent.token, "it was started already");
  if (lane.state !== "intended") throw attemptFenced(intent.token, `the lane is ${lane.state} by now`);
  if (lane.stopRequested !== undefined) throw attemptFenced(intent.token, "the lane is being stopped");
  return happened({ type: "attempt-started", ...intent });
}

/** A new supervisor watches an agent whose own died. */
export function adoptAttempt(
  tracker: Tracker,
  intent: Named & { readonly supervisor: RecordedProcess },
): TrackerDecision {
  const attempt = requireCurrent(requireLane(tracker, intent.lane), intent.token);
  if (attempt.startedAt === undefined) throw attemptFenced(intent.token, "it never started");
  if (attempt.endedAt !== undefined) throw attemptFenced(intent.token, "it has ended");
  return happened({ type: "attempt-adopted", ...intent });
}

/** Records how the attempt ended; told twice it changes nothing. */
export function endAttempt(tracker: Tracker, intent: Named & { readonly end: AttemptOutcome }): TrackerDecision {
  const attempt = requireLane(tracker, intent.lane).attempts.find(({ token }) => token === intent.token);
  if (attempt === undefined) throw attemptFenced(intent.token, "nobody announced it");
  if (attempt.endedAt !== undefined || attempt.startedAt === undefined) return NOTHING;
  return happened({ type: "attempt-ended", ...intent });
}

/** Gives up an attempt that never started, so that a supervisor that comes late is refused; twice it changes nothing. */
export function abandonAttempt(
  tracker: Tracker,
  intent: Named & { readonly reason: string },
): TrackerDecision<"abandoned" | "started"> {
  const lane = requireLane(tracker, intent.lane);
  const attempt = requireCurrent(lane, intent.token);
  if (attempt.startedAt !== undefined) return { facts: [], outcome: "started" };
  if (attempt.abandoned === true || lane.state !== "intended") return { facts: [], outcome: "abandoned" };
  return { facts: [{ type: "attempt-abandoned", ...intent }], outcome: "abandoned" };
}

function requireCurrent(lane: Lane, token: string): Attempt {
  const attempt = lastAttempt(lane.attempts);
  if (attempt?.token !== token) throw attemptFenced(token, "another attempt took its place");
  return attempt;
}
