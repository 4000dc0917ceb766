import { isoTime } from "@orchard/kernel";
import { attemptsMade, type Lane, moveLane } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5 * 60_000;

/**
 * The attempt did not succeed. Another follows after a pause that doubles, unless `final` or none is left. A lane
 * that was stopped meanwhile stays as it is.
 */
export async function failAttempt(
  driver: Driver,
  lane: Lane,
  failure: { readonly cause: string; readonly reason: string; readonly final?: boolean },
): Promise<void> {
  const made = attemptsMade(lane.attempts);
  const again = failure.final !== true && made < lane.attemptsAllowed;
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, made - 1));
  const retryAt = again ? isoTime(driver.orchard.ports.clock.now() + pause) : undefined;
  const { cause, reason } = failure;
  const step = { type: "attempt-failed", lane: lane.id, cause, reason, ...(retryAt && { retryAt }) } as const;
  const outcome = await driver.record(`lane ${lane.id}: ${cause}`, (tracker) => moveLane(tracker, step));
  if (outcome === "recorded") driver.orchard.ports.report({ type: "attempt-failed", lane: lane.id, reason, again });
}
