import { type Lane, lanesInOrder, type Progress, recordedTasks, type SpecFact } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { recordProgress } from "../tasks/record-progress.ts";

/** Lanes that have failed for good hold no task any more; their work is kept. Again is fine. */
export async function giveClaimsBack(orchard: Orchard): Promise<void> {
  const { tracker } = (await orchard.folded()).state;
  for (const lane of lanesInOrder(tracker)) {
    if (lane.state !== "failed") continue;
    // Somebody who goes on by hand in its worktree claims anew.
    const facts = (progress: Progress) => releases(progress, lane, lane.stateChangedAt, "its lane failed");
    await recordThose(orchard, `lane ${lane.id}: its tasks are given back`, facts);
  }
}

/**
 * The lane begins at the base again: what was claimed in its old worktree is given back, and what was finished there and
 * has not landed is to be done again.
 */
export async function takeTasksBack(orchard: Orchard, lane: Lane): Promise<void> {
  const reason = `lane ${lane.id} starts afresh`;
  await recordThose(orchard, reason, (progress) => [
    ...releases(progress, lane, undefined, reason),
    ...reopenings(progress, lane, reason),
  ]);
}

async function recordThose(
  orchard: Orchard,
  describe: string,
  facts: (progress: Progress) => readonly SpecFact[],
): Promise<void> {
  if (facts((await orchard.folded()).state.progress).length === 0) return;
  await recordProgress(orchard, describe, (progress) => ({ facts: facts(progress), outcome: null }));
}

function releases(progress: Progress, { id }: Lane, before: string | undefined, reason: string): readonly SpecFact[] {
  return recordedTasks(progress).flatMap(({ spec, task, record: { claim } }): readonly SpecFact[] => {
    const isTheirs = claim?.place.lane === id && (before === undefined || claim.since <= before);
    return isTheirs ? [{ type: "claim-released", spec, task, epoch: claim.epoch, reason }] : [];
  });
}

function reopenings(progress: Progress, { id }: Lane, reason: string): readonly SpecFact[] {
  return recordedTasks(progress).flatMap(({ spec, task, record }): readonly SpecFact[] => {
    const { work, state } = record;
    const isTheirs = work?.place.lane === id && work.commit !== undefined && work.landed === undefined;
    return isTheirs && state === "completed" ? [{ type: "task-reopened", spec, task, by: "orch", reason }] : [];
  });
}
