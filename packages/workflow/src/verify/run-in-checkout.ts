import { runCommand } from "@orchard/agent-runner";
import type { Command, Receipt } from "@orchard/tracker-core";
import { commandEnvironment, processLimits } from "../environment/command-environment.ts";
import type { Worker } from "../orchard/worker.ts";
import { verifyMark } from "./leftovers.ts";

export interface CheckoutCommand {
  /** Names the mark of the processes. */
  readonly subject: string;
  readonly commit: string;
  /** A checkout of `commit`. */
  readonly folder: string;
  readonly command: Command;
  readonly log: string;
}

/** Runs one of the configured commands in a checkout, within `limits.verify`. `interrupted`: the person interrupted. */
export async function runInCheckout(
  worker: Worker,
  { subject, commit, folder, command, log }: CheckoutCommand,
): Promise<Receipt | "interrupted"> {
  const { config } = await worker.orchard.config();
  const mark = verifyMark(subject, worker, folder);
  const result = await runCommand({
    command,
    cwd: folder,
    env: await commandEnvironment(worker, { folder, mark }),
    timeoutMs: config.limits.verify,
    outputFile: log,
    mark,
    signal: worker.interrupted,
    limits: processLimits(config),
  });
  if (worker.interrupted.aborted) return "interrupted";
  const { code, signal, timedOut, digest, tail, elapsedMs, spawnError } = result;
  return { commit, command, code, signal, timedOut, digest, tail: spawnError ?? tail, elapsedMs };
}
