import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { agentEnvironment, runCommand } from "@orchard/agent-runner";
import { type Command, isGreen, type Receipt } from "@orchard/tracker-core";
import type { Worker } from "../orchard/worker.ts";
import { endLeftovers, VERIFIES, verifyMark } from "./leftovers.ts";

export interface Verification {
  /** Lane id or `base`: names the log file and the mark of the processes. */
  readonly subject: string;
  readonly commit: string;
  /** A checkout of `commit`. */
  readonly folder: string;
  readonly commands: readonly Command[];
}

/**
 * Runs the verify commands one after the other on the committed tree in `folder` and returns a receipt of each,
 * up to the first red one. What an earlier, killed run left behind is ended first. `interrupted`: the person
 * interrupted; nothing is known about the tree.
 */
export async function verifyCommit(worker: Worker, work: Verification): Promise<readonly Receipt[] | "interrupted"> {
  const { orchard } = worker;
  const { config } = await orchard.config();
  const mark = verifyMark(work.subject, worker.scratch);
  await endLeftovers(mark);
  const logs = join(orchard.place.orchestrationDir, "logs", work.subject);
  await mkdir(logs, { recursive: true });
  const receipts: Receipt[] = [];
  for (const [index, command] of work.commands.entries()) {
    const shown = typeof command === "string" ? command : command.join(" ");
    orchard.ports.report({ type: "verifying", subject: work.subject, command: shown });
    const result = await runCommand({
      command,
      cwd: work.folder,
      env: agentEnvironment(orchard.ports.environment, {
        ...config.env,
        ORCH_REPO: orchard.place.mainRoot,
        ORCH_WORKTREE: work.folder,
        ORCH_ATTEMPT: mark,
        [VERIFIES]: worker.scratch,
      }),
      timeoutMs: config.limits.verify,
      outputFile: join(logs, `verify-${index + 1}.log`),
      mark,
      signal: worker.interrupted,
    });
    if (worker.interrupted.aborted) return "interrupted";
    const { code, signal, timedOut, digest, tail, elapsedMs, spawnError } = result;
    receipts.push({
      commit: work.commit,
      command,
      code,
      signal,
      timedOut,
      digest,
      tail: spawnError ?? tail,
      elapsedMs,
    });
    if (code !== 0 || timedOut) break;
  }
  return receipts;
}

export function isRed(receipt: Receipt): boolean {
  return !isGreen(receipt);
}
