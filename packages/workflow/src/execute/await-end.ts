import { join } from "node:path";
import { readAttempt, requestStop, startSupervisor } from "@orchard/agent-runner";
import { livenessOf, type ProcessIdentity } from "@orchard/host";
import {
  type Attempt,
  type AttemptOutcome,
  endAttempt,
  type Lane,
  lastAttempt,
  requireLane,
} from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { whenTracker } from "../orchard/when-tracker.ts";
import { endRefused } from "./end-refused.ts";

/** How often the processes themselves are looked at; what they record arrives at once. */
const LOOK_EVERY = 1_000;

/**
 * Waits for the end of the lane's attempt, which its supervisor records. A supervisor that died without doing so
 * is replaced: its exit file counts, a living agent is adopted, and a dead one ends as `unknown`.
 */
export async function awaitEnd(driver: Driver, lane: Lane): Promise<void> {
  const { orchard } = driver;
  const token = lastAttempt(lane.attempts)?.token ?? "";
  const adoption: Adoption = { tries: 0 };
  let stopAsked = false;
  const over = new AbortController();
  const refused = endRefused(
    join(orchard.place.attemptsDir, token),
    AbortSignal.any([over.signal, driver.interrupted]),
  );
  const ended = await whenTracker(
    orchard,
    async (tracker) => {
      const now = requireLane(tracker, lane.id);
      const attempt = now.attempts.find((one) => one.token === token);
      if (attempt?.end !== undefined) return attempt.end;
      if (now.stopRequested !== undefined && !stopAsked) {
        stopAsked = true;
        await requestStop(join(orchard.place.attemptsDir, token), now.stopRequested.reason);
      }
      if (attempt !== undefined) await replaceDeadSupervisor(driver, now, attempt, adoption);
      return undefined;
    },
    { signal: driver.interrupted, everyMs: LOOK_EVERY },
  ).finally(() => over.abort());
  await refused;
  if (ended === undefined) return;
  orchard.ports.report({ type: "attempt-ended", lane: lane.id, outcome: describeEnd(ended) });
}

const WORDS = {
  idle: "nothing happened any more",
  overtime: "out of time",
  stopped: "stopped",
  spawnFailed: "could not be started",
  unknown: "its end was not seen",
} as const;

/** One line a person understands. */
export function describeEnd(end: AttemptOutcome): string {
  switch (end.outcome) {
    case "exited":
      return `exit code ${end.code}`;
    case "signalled":
      return `ended by ${end.signal}`;
    default:
      return end.reason === undefined ? WORDS[end.outcome] : `${WORDS[end.outcome]}: ${end.reason}`;
  }
}

const NEVER_RAN = "its supervisor died before it let the agent run";
const UNSEEN = "nobody saw it end; what it left is judged by verify";

/** What was done about a dead supervisor, so that it is not done anew at every look. */
interface Adoption {
  tries: number;
  adopter?: ProcessIdentity;
}

const MOST_ADOPTERS = 3;

/**
 * Whoever adopts watches a living agent, and ends what a dead one left running. An end that is on disk counts: it
 * is read after the death was seen, because a supervisor writes it last.
 */
async function replaceDeadSupervisor(driver: Driver, lane: Lane, attempt: Attempt, adoption: Adoption): Promise<void> {
  const folder = join(driver.orchard.place.attemptsDir, attempt.token);
  const newest = (await readAttempt(folder)).supervisor ?? attempt.supervisor;
  if (newest === undefined || livenessOf(newest) !== "dead") return;
  if (adoption.adopter !== undefined && livenessOf(adoption.adopter) === "alive") return;
  const { end, agent } = await readAttempt(folder);
  if (end !== undefined) return recordEnd(driver, lane, attempt.token, end);
  if (agent !== undefined && adoption.tries < MOST_ADOPTERS) {
    adoption.tries += 1;
    adoption.adopter = await startAdoption(driver.orchard, lane, attempt, folder);
    return;
  }
  if (agent !== undefined && livenessOf(agent) === "alive") return;
  const unknown = { outcome: "unknown", code: null, signal: null } as const;
  const judged =
    agent === undefined ? { ...unknown, reason: NEVER_RAN, neverRan: true as const } : { ...unknown, reason: UNSEEN };
  await recordEnd(driver, lane, attempt.token, judged);
}

async function recordEnd(driver: Driver, lane: Lane, token: string, end: AttemptOutcome): Promise<void> {
  const { outcome, code, signal, reason, neverRan } = end;
  const plain = {
    outcome,
    code,
    signal,
    ...(reason === undefined ? {} : { reason }),
    ...(neverRan === undefined ? {} : { neverRan }),
  };
  await driver.record(`lane ${lane.id}: attempt ended`, (tracker) =>
    endAttempt(tracker, { lane: lane.id, token, end: plain }),
  );
}

async function startAdoption(orchard: Orchard, lane: Lane, attempt: Attempt, folder: string): Promise<ProcessIdentity> {
  const command = [...orchard.ports.supervisorCommand, "--adopt", folder];
  const path = orchard.ports.environment["PATH"] ?? "";
  const adopter = await startSupervisor({ command, folder, env: { PATH: path } });
  orchard.ports.report({ type: "attempt-adopted", lane: lane.id, number: attempt.number });
  return adopter;
}
