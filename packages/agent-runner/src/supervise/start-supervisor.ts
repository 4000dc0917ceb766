import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { identityOfChild, type ProcessIdentity } from "@orchard/host";
import { attemptFiles, SUPERVISOR_MARK } from "../attempt/attempt-files.ts";
import { supervisorNotStarted } from "../errors.ts";

/**
 * Options of Node that keep a supervisor small: without them it grows by 20 MB while its agent prints 1 MB/s, since
 * Node gives a busy process room. There is no limit on the heap among them: a dead supervisor is worse than a large one.
 * And no threads of V8's own: on exit Node waits for them, and one that waits for a garbage collection at that moment
 * waits for ever, so that now and then a supervisor whose work was done stayed.
 */
export const SUPERVISOR_NODE_OPTIONS: readonly string[] = [
  "--max-semi-space-size=1",
  "--optimize-for-size",
  "--single-threaded",
  "--v8-pool-size=0",
];

/** Which program supervises which attempt, and its whole environment; only the supervisor's mark is added. */
export interface StartSupervisorOptions {
  /** Program and arguments of the entry that calls `supervise` or `adopt`. */
  readonly command: readonly string[];
  /** The attempt's folder; what the supervisor prints goes to `supervisor.log` in it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a supervisor that outlives the caller: a session of its own, no descriptor of ours, no terminal. Whether
 * it may run the agent is decided by its own ports. Throws `SUPERVISOR_NOT_STARTED`.
 */
export async function startSupervisor({ command, folder, env }: StartSupervisorOptions): Promise<ProcessIdentity> {
  const [program = "", ...args] = command;
  const log = openSync(attemptFiles(folder).supervisorLog, "a", 0o600);
  try {
    const child = spawn(program, args, {
      cwd: folder,
      detached: true,
      env: { ...env, [SUPERVISOR_MARK]: folder },
      stdio: ["ignore", log, log],
    });
    const supervisor = identityOfChild(child.pid);
    await once(child, "spawn");
    child.unref();
    return supervisor;
  } catch (error) {
    throw supervisorNotStarted(program, error);
  } finally {
    closeSync(log);
  }
}
