import type { RecordedProcess } from "../domain/attempt.ts";
import type { DriverOptions, Phase, Tracker, TrackerStatus } from "../domain/tracker.ts";
import { staleDriver } from "../errors.ts";
import { happened, NOTHING, requireHome, type TrackerDecision } from "./decision.ts";

/** Begins a driver with the next epoch, which is the outcome. Whoever drove before is overtaken. */
export function startDriver(
  tracker: Tracker,
  intent: { readonly identity: RecordedProcess; readonly command: string; readonly options?: DriverOptions },
): TrackerDecision<number> {
  requireHome(tracker);
  const epoch = tracker.epoch + 1;
  return { facts: [{ type: "driver-started", epoch, ...intent }], outcome: epoch };
}

/** The driver with this epoch is at its end; nothing is recorded when it was before, or was overtaken. */
export function endDriver(tracker: Tracker, intent: { readonly epoch: number; readonly why: string }): TrackerDecision {
  const isMine = tracker.driver?.epoch === intent.epoch && tracker.driver.endedAt === undefined;
  return isMine ? happened({ type: "driver-ended", ...intent }) : NOTHING;
}

/** Throws `STALE_DRIVER` unless `epoch` is the newest driver's: the fence before every record of a driver. */
export function requireDriver(tracker: Tracker, epoch: number): void {
  if (tracker.driver?.epoch !== epoch) throw staleDriver(epoch, tracker.driver);
}

/** The tracker is in a phase now, and how that stands; nothing is recorded when it was so before. */
export function changePhase(
  tracker: Tracker,
  intent: { readonly phase: Phase; readonly status: TrackerStatus },
): TrackerDecision {
  const same = tracker.phase === intent.phase && tracker.status === intent.status;
  return same ? NOTHING : happened({ type: "phase-changed", ...intent });
}
