import { basename, join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import type { Command, Receipt } from "@orchard/tracker-core";
import { type Oid, type Scratch, scratchWorktree } from "@orchard/worktree-git";
import { setUpScratch } from "../environment/set-up-scratch.ts";
import type { Worker } from "../orchard/worker.ts";
import { endLeftIn } from "./leftovers.ts";
import { type Verification, verifyCommit } from "./verify-commit.ts";

/** How long one verification may wait for another in the same worktree. */
const LONGEST_WAIT = 60 * 60_000;

/**
 * Runs the commands on `commit` in a worktree of our own, so that nobody's files are touched; every run begins at a
 * clean checkout, the second one of a red gate too. Set-up comes first; one that fails is as good as a red gate.
 */
export async function verifyMerged(
  worker: Worker,
  subject: string,
  commit: Oid,
  commands: readonly Command[],
  { isGood }: Pick<Verification, "isGood"> = {},
): Promise<readonly Receipt[] | "interrupted"> {
  if (commands.length === 0) return [];
  return inScratch(worker, `verify ${subject}`, async (scratch) => {
    await scratch.checkout(commit);
    const ready = await setUpScratch(worker, { subject: `merge-${subject}`, folder: scratch.path, commit });
    if (ready !== "ready") return ready === "interrupted" ? ready : [ready];
    return verifyCommit(worker, {
      subject: `merge-${subject}`,
      commit,
      folder: scratch.path,
      commands,
      cleanAgain: async () => {
        await scratch.checkout(commit);
        return true;
      },
      ...(isGood === undefined ? {} : { isGood }),
    });
  });
}

/**
 * Work in our own worktree, one at a time: from the checkout to the end it holds that commit and nothing else. What a
 * killed one left running in it is ended before. `interrupted`: the person interrupted while another was at work there.
 */
export async function inScratch<Result>(
  worker: Worker,
  command: string,
  work: (scratch: Scratch) => Promise<Result>,
): Promise<Result | "interrupted"> {
  const { orchard, scratch: folder } = worker;
  const turn = await takeTurn(worker, command);
  if (turn === "interrupted") return turn;
  await using _ = turn;
  await endLeftIn(folder);
  return work(await scratchWorktree(await orchard.repository(), folder));
}

async function takeTurn(
  { orchard, scratch, interrupted }: Worker,
  command: string,
): Promise<AsyncDisposable | "interrupted"> {
  const lock = join(orchard.place.stateDir, `${basename(scratch)}.lock`);
  try {
    return await orchard.ports.locks.take(lock, { command, waitMs: LONGEST_WAIT, signal: interrupted });
  } catch (error) {
    if (interrupted.aborted && isOrchardError(error, "LOCK_TIMEOUT")) return "interrupted";
    throw error;
  }
}
