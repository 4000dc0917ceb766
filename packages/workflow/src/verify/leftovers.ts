import { createHash } from "node:crypto";
import { endTree, type ProcessIdentity, processesMarked } from "@orchard/host";

/** Environment variable of every command of a worker, wherever it runs: the worker's scratch worktree, one path per kind. */
export const VERIFIES = "ORCH_VERIFIES";

/** Environment variable of the same commands: the worktree that one runs in. */
export const RUNS_IN = "ORCH_RUNS_IN";

/**
 * Names the processes of one verification, or one set-up: of this repository, this worker and this worktree and no other,
 * so that none ends another's, however lanes are called.
 */
export function verifyMark(subject: string, { scratch }: { readonly scratch: string }, folder: string): string {
  const where = createHash("sha256").update(`${scratch}\0${folder}`).digest("hex").slice(0, 12);
  return `verify-${subject}-${where}`;
}

/**
 * Ends what the commands of a killed driver left running, those in lanes' worktrees too; only for one who takes its place
 * and has started none yet.
 */
export async function endOldVerifications(scratch: string): Promise<void> {
  await endAll(processesMarked(VERIFIES, scratch));
}

/** Ends what commands left running in one worktree, and nothing elsewhere; only for the one whose turn it is there. */
export async function endLeftIn(folder: string): Promise<void> {
  await endAll(processesMarked(RUNS_IN, folder));
}

/** Ends what an earlier verification of the same subject left running. */
export async function endLeftovers(mark: string): Promise<void> {
  await endAll(processesMarked("ORCH_ATTEMPT", mark));
}

async function endAll(processes: readonly ProcessIdentity[]): Promise<void> {
  await Promise.all(processes.map((one) => endTree(one, { graceMs: 1_000 })));
}
