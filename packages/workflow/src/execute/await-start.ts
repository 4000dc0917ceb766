import { join } from "node:path";
import { readAttempt } from "@orchard/agent-runner";
import { livenessOf } from "@orchard/host";
import { abandonAttempt, happened, type Lane, lastAttempt, requireLane, type Tracker } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import { whenTracker } from "../orchard/when-tracker.ts";

/** How long a supervisor may take to record the start before the attempt is given up. */
const LONGEST_START = 30_000;
/** Attempts that never started do not count against the lane's limit, but there is an end to them. */
const MOST_ABANDONED = 5;

/**
 * Waits until the supervisor has recorded the start. When no supervisor lives, or none comes, the attempt is
 * given up on record, so that one that comes late is refused and starts no agent.
 */
export async function awaitStart(driver: Driver, lane: Lane): Promise<void> {
  const { orchard } = driver;
  const token = lastAttempt(lane.attempts)?.token ?? "";
  const folder = join(orchard.place.attemptsDir, token);
  const deadline = orchard.ports.clock.sinceBoot() + LONGEST_START;
  const why = await whenTracker(
    orchard,
    async (tracker) => {
      const now = requireLane(tracker, lane.id);
      if (now.state !== "intended") return "started";
      const { supervisor } = await readAttempt(folder);
      if (supervisor === undefined && !(await isBeingStarted(orchard.ports.clock.sinceBoot(), deadline))) {
        return "no supervisor came";
      }
      if (supervisor !== undefined && livenessOf(supervisor) === "dead") return "its supervisor ended before the start";
      return orchard.ports.clock.sinceBoot() > deadline ? "its supervisor did not start it in time" : undefined;
    },
    { signal: driver.interrupted, everyMs: 250 },
  );
  if (why === undefined) return;
  const now = requireLane(await orchard.tracker(), lane.id);
  const started = lastAttempt(now.attempts);
  if (now.state !== "intended") {
    if (started?.supervisor !== undefined) {
      orchard.ports.report({ type: "attempt-started", lane: lane.id, number: started.number, pid: started.supervisor.pid });
    }
    return;
  }
  await giveUp(driver, lane, token, why);
}

async function isBeingStarted(now: number, deadline: number): Promise<boolean> {
  return now < deadline - LONGEST_START + 5_000;
}

async function giveUp(driver: Driver, lane: Lane, token: string, reason: string): Promise<void> {
  await driver.record(`lane ${lane.id}: attempt given up`, (tracker) => {
    if (abandonedSoFar(tracker, lane) >= MOST_ABANDONED) {
      const cause = "supervisor-failed";
      return happened({ type: "attempt-failed", lane: lane.id, cause, reason: `${reason}, ${MOST_ABANDONED} times` });
    }
    return { ...abandonAttempt(tracker, { lane: lane.id, token, reason }), outcome: null };
  });
}

function abandonedSoFar(tracker: Tracker, lane: Lane): number {
  return requireLane(tracker, lane.id).attempts.filter((attempt) => attempt.abandoned === true).length;
}
