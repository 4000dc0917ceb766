import { join } from "node:path";
import { readAttempt, SUPERVISOR_MARK } from "@orchard/agent-runner";
import { livenessOf, type ProcessIdentity, processesMarked } from "@orchard/host";
import { isOrchardError } from "@orchard/kernel";
import { abandonAttempt, type Lane, lastAttempt, moveLane, requireLane, type Tracker } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import { whenTracker } from "../orchard/when-tracker.ts";

/** How long a supervisor may take to record the start before the attempt is given up. */
const LONGEST_START = 30_000;
/** Attempts that never started do not count against the lane's limit, but there is an end to them. */
const MOST_ABANDONED = 5;
/** Looks, 250 ms apart, after which a supervisor that left no trace at all is not on its way. */
const LOOKS_FOR_A_SUPERVISOR = 8;

/**
 * Waits until the supervisor has recorded the start. When no supervisor lives, or none comes, the attempt is
 * given up on record, so that one that comes late is refused and starts no agent.
 */
export async function awaitStart(driver: Driver, lane: Lane): Promise<void> {
  const { orchard } = driver;
  const token = lastAttempt(lane.attempts)?.token ?? "";
  const folder = join(orchard.place.attemptsDir, token);
  const deadline = orchard.ports.clock.sinceBoot() + LONGEST_START;
  let looks = 0;
  const why = await whenTracker(
    orchard,
    async (tracker) => {
      const now = requireLane(tracker, lane.id);
      if (now.state !== "intended") return "started";
      const supervisor = await claimant(folder);
      if (supervisor === "nobody") return "it was intended and never started";
      if (supervisor === undefined) looks++;
      if (supervisor === undefined && looks > LOOKS_FOR_A_SUPERVISOR && !isBeingStarted(folder))
        return "no supervisor came";
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
      orchard.ports.report({
        type: "attempt-started",
        lane: lane.id,
        number: started.number,
        pid: started.supervisor.pid,
      });
    }
    return;
  }
  await giveUp(driver, lane, { token, folder, reason: why });
}

/** The supervisor that took the attempt; `nobody`: its plan was never written, so none ever will. */
async function claimant(folder: string): Promise<ProcessIdentity | "nobody" | undefined> {
  try {
    return (await readAttempt(folder)).supervisor;
  } catch (error) {
    if (isOrchardError(error, "ATTEMPT_MISSING")) return "nobody";
    throw error;
  }
}

function isBeingStarted(folder: string): boolean {
  return processesMarked(SUPERVISOR_MARK, folder).length > 0;
}

async function giveUp(
  driver: Driver,
  lane: Lane,
  { token, folder, reason }: { readonly token: string; readonly folder: string; readonly reason: string },
): Promise<void> {
  await driver.record(`lane ${lane.id}: attempt given up`, (tracker) => {
    if (abandonedSoFar(tracker, lane) >= MOST_ABANDONED) {
      const why = `${reason}, ${MOST_ABANDONED} times; see ${folder}/supervisor.log`;
      const step = { type: "attempt-failed", lane: lane.id, cause: "supervisor-failed", reason: why } as const;
      return { ...moveLane(tracker, step), outcome: null };
    }
    return { ...abandonAttempt(tracker, { lane: lane.id, token, reason }), outcome: null };
  });
}

function abandonedSoFar(tracker: Tracker, lane: Lane): number {
  return requireLane(tracker, lane.id).attempts.filter((attempt) => attempt.abandoned === true).length;
}
