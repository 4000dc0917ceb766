import { join } from "node:path";

/** Environment variable that marks every process of an attempt with its token. */
export const ATTEMPT_MARK = "ORCH_ATTEMPT";

/** Environment variable that marks a supervisor with its attempt's folder. */
export const SUPERVISOR_MARK = "ORCH_SUPERVISES";

/** The names of an attempt's files, in one place. */
export function attemptFiles(folder: string) {
  return {
    plan: join(folder, "plan.json"),
    /** The agent, written before it may run. */
    agent: join(folder, "agent.json"),
    /** Holds something until the agent was let run, nothing from then on; see `gate.ts`. */
    gate: join(folder, "gate"),
    /** How it ended, durable before anybody is told. */
    exit: join(folder, "exit.json"),
    /** A folder of its own, so that watching it does not mean being woken by every line of output. */
    control: join(folder, "control"),
    stop: join(folder, "control", "stop.json"),
    /** What the agent writes, untouched: secrets may be in it. */
    raw: join(folder, "raw"),
    rawErrors: join(folder, "raw-errors"),
    events: join(folder, "events.ndjson"),
    /** What the supervisor itself prints. */
    supervisorLog: join(folder, "supervisor.log"),
    /** Number `n` of the supervisors that this attempt had. */
    supervisor: (n: number) => join(folder, `supervisor-${n}.json`),
  };
}
