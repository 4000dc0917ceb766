import { type IsoTime, isoTime, printableLine } from "@orchard/kernel";
import { attemptsMade, type Lane, lastAttempt, moveLane } from "@orchard/tracker-core";
import { movesSince } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { giveClaimsBack } from "./give-claims-back.ts";
import { DAMAGED, type Shortfall } from "./shortfall.ts";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5 * 60_000;

/** The longest usage limits are weekly; what an agent tells beyond that is not believed. */
const LONGEST_LIMIT = 8 * 24 * 60 * 60_000;

/**
 * The attempt did not succeed. Another follows after a pause that doubles, unless `final` or none is left; not before the
 * moment that the agent named. A lane that was stopped meanwhile stays as it is.
 */
export async function failAttempt(driver: Driver, lane: Lane, failure: Shortfall): Promise<void> {
  const made = attemptsMade(lane.attempts);
  const again = failure.final !== true && made < lane.attemptsAllowed;
  const retryAt = again
    ? isoTime(driver.orchard.ports.clock.now() + pauseOf(driver, made, failure.notBefore))
    : undefined;
  const { cause } = failure;
  const reason = cause === DAMAGED ? `${failure.reason}${await movedMeanwhile(driver, lane)}` : failure.reason;
  const step = { type: "attempt-failed", lane: lane.id, cause, reason, ...(retryAt && { retryAt }) } as const;
  const outcome = await driver.record(`lane ${lane.id}: ${cause}`, (tracker) => moveLane(tracker, step));
  if (outcome !== "recorded") return;
  if (!again) await giveClaimsBack(driver.orchard);
  const waits = failure.notBefore === undefined || retryAt === undefined ? {} : { retryAt };
  driver.orchard.ports.report({ type: "attempt-failed", lane: lane.id, reason, again, ...waits });
}

/** An agent without its own `.git` may have worked in the checkout above it, where its path has a colon say. */
async function movedMeanwhile({ orchard }: Driver, lane: Lane): Promise<string> {
  const started = lastAttempt(lane.attempts)?.startedAt;
  const moves = started === undefined ? [] : await movesSince(await orchard.repository(), Date.parse(started));
  if (moves.length === 0) return "";
  const told = moves.map((move) => JSON.stringify(printableLine(move, 80))).join(", ");
  return `; the main checkout moved since the agent began (${told}): was that not you, look at it with git reflog`;
}

function pauseOf(driver: Driver, made: number, notBefore: IsoTime | undefined): number {
  const backOff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, made - 1));
  const wait = notBefore === undefined ? 0 : Date.parse(notBefore) - driver.orchard.ports.clock.now();
  return wait > LONGEST_LIMIT ? backOff : Math.max(backOff, wait);
}
