import type { Command, Receipt } from "@orchard/tracker-core";
import { type Oid, scratchWorktree } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { verifyCommit } from "./verify-commit.ts";

/** Runs the commands on `commit` in a worktree of our own, so that nobody's files are touched. */
export async function verifyMerged(
  worker: Worker,
  subject: string,
  commit: Oid,
  commands: readonly Command[],
): Promise<readonly Receipt[] | "interrupted"> {
  if (commands.length === 0) return [];
  const folder = worker.scratch;
  const scratch = await scratchWorktree(await worker.orchard.repository(), folder);
  await scratch.checkout(commit);
  return verifyCommit(worker, { subject: `merge-${subject}`, commit, folder, commands });
}
