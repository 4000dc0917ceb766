import { readFileSync } from "node:fs";
import { nodeFiles, type ProcessIdentity, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { attemptDamaged } from "../errors.ts";
import { type AttemptEnd, readEnd } from "./attempt-end.ts";
import { attemptFiles } from "./attempt-files.ts";
import { type AttemptPlan, readPlan } from "./attempt-plan.ts";
import { readStop, type StopRequest } from "./stop-request.ts";
import { readClaim } from "./supervisor-claim.ts";

/** What the files of an attempt say. Whether the processes live is for `livenessOf` to tell. */
export interface Attempt {
  readonly plan: AttemptPlan;
  /** The latest supervisor; absent when none ever took the attempt. */
  readonly supervisor?: ProcessIdentity;
  /** Absent when no agent was ever let run. */
  readonly agent?: ProcessIdentity;
  readonly stop?: StopRequest;
  readonly end?: AttemptEnd;
}

/** Throws `ATTEMPT_MISSING` or `ATTEMPT_DAMAGED`. */
export async function readAttempt(folder: string): Promise<Attempt> {
  const plan = readPlan(folder);
  const supervisor = readClaim(folder)?.supervisor;
  const agent = readAgent(folder);
  const stop = readStop(folder);
  const end = readEnd(folder);
  return {
    plan,
    ...(supervisor === undefined ? {} : { supervisor }),
    ...(agent === undefined ? {} : { agent }),
    ...(stop === undefined ? {} : { stop }),
    ...(end === undefined ? {} : { end }),
  };
}

/** Durable when it returns; the agent runs only after that. */
export async function writeAgent(folder: string, agent: ProcessIdentity): Promise<void> {
  await writeDurable(nodeFiles, attemptFiles(folder).agent, `${JSON.stringify(agent)}\n`, { mode: 0o600 });
}

/** The agent, or `undefined` when none was ever let run. Throws `ATTEMPT_DAMAGED`. */
export function readAgent(folder: string): ProcessIdentity | undefined {
  const path = attemptFiles(folder).agent;
  try {
    const agent = JSON.parse(readFileSync(path, "utf8")) as Partial<ProcessIdentity> | null;
    if (typeof agent?.pid === "number" && typeof agent.startTime === "string") return agent as ProcessIdentity;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw attemptDamaged(path);
}
