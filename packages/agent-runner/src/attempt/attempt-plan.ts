import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { nodeFiles, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import type { ProcessLimits } from "../commands/process-limits.ts";
import { attemptDamaged, attemptMissing } from "../errors.ts";
import { attemptFiles } from "./attempt-files.ts";

/** A program with its arguments, or a line that `sh -c` gets unchanged. */
export type Command = readonly string[] | string;

/** What a supervisor lets its agent take: times in ms, sizes in bytes. */
export interface AttemptLimits {
  /** Ends an agent that showed no output, no processor time and no changed file for so long. */
  readonly idleMs: number;
  /** Ends an agent that has run for so long; time that the machine slept does not count. */
  readonly totalMs: number;
  /** How much raw output is kept; the event log is kept to the same size. */
  readonly outputBytes: number;
  /** How long a tree may take over SIGTERM before SIGKILL. */
  readonly graceMs: number;
}

/** Everything a supervisor has to know to run one agent once. */
export interface AttemptPlan {
  readonly token: string;
  /** Whose attempt it is, for whoever reads the plan; means nothing here. */
  readonly subject?: string;
  /** `<state>/attempts/<token>`, an absolute path; holds all files of the attempt (0700). */
  readonly folder: string;
  readonly command: Command;
  readonly cwd: string;
  /** The whole environment of the agent; only the attempt's mark is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly promptFile: string;
  readonly stdin: "prompt" | "none";
  readonly limits: AttemptLimits;
  /** What the agent and all that it starts may take of the machine, as far as the system keeps it. */
  readonly share?: ProcessLimits;
  /** Name of the adapter that understands the output; "command" (plain text) when absent. */
  readonly adapter?: string;
  /** Where the redacted event log for people goes; `<folder>/events.ndjson` when absent. */
  readonly logFile?: string;
  /** Further values that must not reach the log, beside those that `env` and their own shape give away. */
  readonly secrets?: readonly string[];
}

/** Makes the attempt's folder and keeps the plan in it, durable, readable by the user only. */
export async function writePlan(plan: AttemptPlan): Promise<void> {
  const files = attemptFiles(plan.folder);
  await mkdir(files.control, { recursive: true, mode: 0o700 });
  await writeDurable(nodeFiles, files.plan, `${JSON.stringify(plan)}\n`, { mode: 0o600 });
}

/** Throws `ATTEMPT_MISSING` or `ATTEMPT_DAMAGED`. */
export function readPlan(folder: string): AttemptPlan {
  const path = attemptFiles(folder).plan;
  try {
    const plan: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isPlan(plan)) return { ...plan, folder };
  } catch (error) {
    if (isSystemError(error, "ENOENT")) throw attemptMissing(folder, error);
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw attemptDamaged(path);
}

/** The shape is checked by hand: the supervisor must stay small, and we wrote the file ourselves. */
function isPlan(value: unknown): value is AttemptPlan {
  const plan = value as Partial<AttemptPlan> | null;
  return (
    typeof plan?.token === "string" &&
    typeof plan.cwd === "string" &&
    typeof plan.promptFile === "string" &&
    (typeof plan.command === "string" || Array.isArray(plan.command)) &&
    (plan.stdin === "prompt" || plan.stdin === "none") &&
    typeof plan.env === "object" &&
    typeof plan.limits === "object" &&
    [plan.limits.idleMs, plan.limits.totalMs, plan.limits.outputBytes, plan.limits.graceMs].every(Number.isFinite)
  );
}
