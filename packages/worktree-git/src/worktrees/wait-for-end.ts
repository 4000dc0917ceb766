import { setTimeout as pause } from "node:timers/promises";
import type { ProcessIdentity } from "@orchard/host";
import { OrchardError } from "@orchard/kernel";

const LIMIT_MS = 120_000;

/** Waits until no process is left that `alive` shows: git calls whose starter died go on to their end. */
export async function waitForEnd(alive: () => readonly ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const [first] = alive();
    if (first === undefined) return;
    if (performance.now() > deadline) throw stillRuns(first.pid);
    await pause(20);
  }
}

function stillRuns(pid: number): OrchardError {
  return new OrchardError({
    code: "GIT_STILL_RUNS",
    kind: "lock",
    message: `The git process ${pid} of an earlier command is still running.`,
    hint: "Let it end, then run the command again.",
    details: { pid },
  });
}
