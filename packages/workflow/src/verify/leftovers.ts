import { createHash } from "node:crypto";
import { endTree, type ProcessIdentity, processesMarked } from "@orchard/host";

/** Environment variable of every verify command: the scratch worktree of whoever runs it, one path per kind of worker. */
export const VERIFIES = "ORCH_VERIFIES";

/** Names the processes of one verification: of this repository and no other, so that none ends another's. */
export function verifyMark(subject: string, scratch: string): string {
  const where = createHash("sha256").update(scratch).digest("hex").slice(0, 12);
  return `verify-${subject}-${where}`;
}

/** Ends what verify commands left running whose driver was killed; only for the one who drives now. */
export async function endOldVerifications(scratch: string): Promise<void> {
  await endAll(processesMarked(VERIFIES, scratch));
}

/** Ends what an earlier verification of the same subject left running. */
export async function endLeftovers(mark: string): Promise<void> {
  await endAll(processesMarked("ORCH_ATTEMPT", mark));
}

async function endAll(processes: readonly ProcessIdentity[]): Promise<void> {
  await Promise.all(processes.map((one) => endTree(one, { graceMs: 1_000 })));
}
