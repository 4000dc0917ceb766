import { existsSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_MARK, SUPERVISOR_MARK } from "@orchard/agent-runner";
import { endTree, livenessOf, type MarkedProcess, processesWithMark } from "@orchard/host";
import { type Attempt, isActive, type Lane, lanesInOrder, lastAttempt, type Tracker } from "@orchard/tracker-core";
import { activeDriver } from "../../orchard/driver.ts";
import type { Orchard } from "../../orchard/open-orchard.ts";
import { VERIFIES } from "../../verify/leftovers.ts";
import type { Finding } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** Processes that carry the mark of an attempt of this repository, and what is on record of that attempt. */
export const checkProcesses: Check = {
  name: "processes",
  look: async (patient) => [
    ...interrupted(patient),
    ...unwatched(patient),
    ...(await orphans(patient)),
    ...(await leftVerifications(patient)),
  ],
};

/** Work that nobody moves forward: lanes are active, and no driver lives. */
function interrupted({ state: { tracker }, isDriven }: Patient): readonly Finding[] {
  if (isDriven) return [];
  const active = lanesInOrder(tracker).filter(isActive);
  const { driver } = tracker;
  if (active.length === 0 && (driver === undefined || driver.endedAt !== undefined)) return [];
  const watched = active.filter((lane) => isWatched(lastAttempt(lane.attempts)));
  if (active.length > 0 && watched.length === active.length && driver?.endedAt !== undefined) {
    return [
      {
        code: "work-without-driver",
        severity: "info",
        sentence: `${names(active)}: agents work on, and no orch waits for them.`,
        todo: "Go on with them: orch resume. End them, keeping their work: orch stop",
      },
    ];
  }
  const what =
    active.length === 0 ? "" : ` ${names(active)} ${active.length === 1 ? "was" : "were"} in the middle of something.`;
  const died =
    driver === undefined || driver.endedAt !== undefined
      ? ""
      : ` "${driver.command}" (pid ${driver.identity.pid}) died.`;
  return [
    {
      code: "work-interrupted",
      // With nothing in the middle the next command that drives just begins.
      severity: active.length === 0 ? "info" : "warning",
      sentence: `Work was interrupted.${died}${what}`,
      todo: "Go on where it stopped: orch resume",
    },
  ];
}

/** An agent outlives its supervisor; until somebody adopts it, no limit ends it and nobody records its end. */
function unwatched({ state: { tracker }, isDriven }: Patient): readonly Finding[] {
  if (isDriven) return [];
  const marked = processesWithMark(ATTEMPT_MARK);
  return lanesInOrder(tracker)
    .filter(isActive)
    .flatMap((lane): readonly Finding[] => {
      const attempt = lastAttempt(lane.attempts);
      const pids = marked.filter(({ value }) => value === attempt?.token).map(({ process: { pid } }) => pid);
      if (pids.length === 0 || attempt?.supervisor === undefined || livenessOf(attempt.supervisor) !== "dead")
        return [];
      return [
        {
          code: "agent-unwatched",
          severity: "warning",
          sentence: `The agent of lane "${lane.id}" works on without its supervisor, which died: pid ${pids.join(", ")}.`,
          todo: `Let it be adopted: orch resume. End it, keeping its work: orch stop ${lane.id}`,
        },
      ];
    });
}

function isWatched(attempt: Attempt | undefined): boolean {
  return attempt?.supervisor !== undefined && livenessOf(attempt.supervisor) === "alive";
}

/** What began after the state was read is on no record of it: so it is read once more when the processes are known. */
async function orphans({ orchard }: Patient): Promise<readonly Finding[]> {
  const { attemptsDir } = orchard.place;
  const supervisors = processesWithMark(SUPERVISOR_MARK).map(({ process, value }) => {
    return { process, value: value.startsWith(`${attemptsDir}/`) ? value.slice(attemptsDir.length + 1) : "" };
  });
  const found = Map.groupBy([...processesWithMark(ATTEMPT_MARK), ...supervisors], ({ value }) => value);
  // What we run below belongs to an attempt that is at work: ours.
  found.delete(process.env[ATTEMPT_MARK] ?? "");
  const tracker = await orchard.tracker();
  return [...found].flatMap(([token, processes]) => {
    const isOurs = /^[\w-]+$/.test(token) && existsSync(join(attemptsDir, token));
    if (!isOurs || isAtWork(tracker, token)) return [];
    return [orphan(orchard, token, processes)];
  });
}

function orphan(orchard: Orchard, token: string, processes: readonly MarkedProcess[]): Finding {
  const pids = [...new Set(processes.map(({ process: { pid } }) => pid))].join(", ");
  return {
    code: "process-orphaned",
    severity: "warning",
    sentence: `Processes of attempt ${token.slice(0, 8)} still run, and that attempt is over: pid ${pids}.`,
    todo: "orch doctor --repair ends them; the files in the worktree stay as they are.",
    repair: async () => {
      if (isAtWork(await orchard.tracker(), token)) {
        return { did: `Nothing: attempt ${token.slice(0, 8)} is at work, and so are its processes.` };
      }
      const mark = { variable: ATTEMPT_MARK, value: token };
      const ended = await Promise.all(processes.map(({ process }) => endTree(process, { graceMs: 5_000, mark })));
      const survivors = [...new Set(ended.flatMap((one) => one.survivors.map(({ pid }) => pid)))];
      if (survivors.length > 0) return { did: `Some could not be ended: pid ${survivors.join(", ")}.` };
      return { did: `The processes of attempt ${token.slice(0, 8)} were ended.` };
    },
  };
}

/** Its lane is active with it, or it ended just now: its supervisor is still putting things in order. */
function isAtWork(tracker: Tracker, token: string): boolean {
  for (const lane of lanesInOrder(tracker)) {
    const attempt = lane.attempts.find((one) => one.token === token);
    if (attempt === undefined) continue;
    if (attempt.endedAt !== undefined) return Date.now() - Date.parse(attempt.endedAt) < LEAVING_MS;
    return attempt.abandoned !== true && isActive(lane) && lastAttempt(lane.attempts) === attempt;
  }
  return false;
}

const LEAVING_MS = 15_000;

/** Verify commands that outlived the driver that ran them; the next one ends them too. */
async function leftVerifications({ orchard }: Patient): Promise<readonly Finding[]> {
  const scratch = join(orchard.place.worktreesDir, "verify");
  const left = processesWithMark(VERIFIES).filter(({ value }) => value === scratch);
  const isDriven = async () => activeDriver(await orchard.tracker()) !== undefined;
  if (left.length === 0 || (await isDriven())) return [];
  return [
    {
      code: "verification-orphaned",
      severity: "warning",
      sentence: `A verify command still runs, and the orch that ran it is dead: pid ${left.map(({ process: { pid } }) => pid).join(", ")}.`,
      todo: "orch doctor --repair ends it; so does the next orch merge.",
      repair: async () => {
        // A driver that came since ended what it found there; what runs now may be its own.
        if (await isDriven()) return { did: "Nothing: a driver is at work now, and ends what it finds." };
        await Promise.all(left.map(({ process }) => endTree(process, { graceMs: 1_000 })));
        return { did: "It was ended." };
      },
    },
  ];
}

function names(lanes: readonly Lane[]): string {
  return lanes.map(({ id }) => id).join(", ");
}
