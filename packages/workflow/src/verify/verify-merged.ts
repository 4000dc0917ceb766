import { basename, join } from "node:path";
import type { Command, Receipt } from "@orchard/tracker-core";
import { type Oid, scratchWorktree } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { endOldVerifications } from "./leftovers.ts";
import { verifyCommit } from "./verify-commit.ts";

/** How long one verification may wait for another in the same worktree. */
const LONGEST_WAIT = 60 * 60_000;

/**
 * Runs the commands on `commit` in a worktree of our own, so that nobody's files are touched. One at a time: from the
 * checkout to the last receipt the worktree holds that commit and nothing else. What a killed one left running is
 * ended before.
 */
export async function verifyMerged(
  worker: Worker,
  subject: string,
  commit: Oid,
  commands: readonly Command[],
): Promise<readonly Receipt[] | "interrupted"> {
  if (commands.length === 0) return [];
  const { orchard, scratch: folder } = worker;
  const lock = join(orchard.place.stateDir, `${basename(folder)}.lock`);
  await using _ = await orchard.ports.locks.take(lock, { command: `verify ${subject}`, waitMs: LONGEST_WAIT });
  await endOldVerifications(folder);
  const scratch = await scratchWorktree(await orchard.repository(), folder);
  await scratch.checkout(commit);
  return verifyCommit(worker, { subject: `merge-${subject}`, commit, folder, commands });
}
