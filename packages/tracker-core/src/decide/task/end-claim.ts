import type { Progress } from "../../domain/progress.ts";
import { findTask } from "../../domain/progress.ts";
import type { ContainedTask, PullRequest } from "../../domain/task.ts";
import { nothingBehind } from "../../task-errors.ts";
import { cameBetween } from "./came-between.ts";
import { type ClaimProof, type ProgressDecision, requireClaim, type TaskName } from "./decision.ts";

export interface CompleteIntent extends TaskName {
  readonly proof: ClaimProof;
  /** The commit that proves it; absent with `noCode`. */
  readonly commit?: string | undefined;
  /** Whether anything differs between the claim's start and the commit. */
  readonly changed: boolean;
  readonly noCode?: string | undefined;
  readonly pr?: PullRequest | undefined;
  /** The commit goes on from the one with which the task was completed before: both together are the work. */
  readonly goesOn?: boolean | undefined;
  /** Which of the worktree's contained commits lie in the history of `commit`. */
  readonly contains: readonly ContainedTask[];
}

/** Throws `NOTHING_BEHIND` when no commit of the holder stands behind it, `STALE_CLAIM`, `TASK_NOT_CLAIMED`. */
export function completeTask(progress: Progress, intent: CompleteIntent): ProgressDecision {
  const claim = requireClaim(progress, intent, intent.proof);
  const { spec, task, commit, noCode, pr, contains } = intent;
  if (noCode === undefined && (commit === undefined || !intent.changed)) throw nothingBehind(task, claim.start);
  const fact = {
    type: "task-completed",
    spec,
    task,
    epoch: claim.epoch,
    commit,
    start: whereBegun(progress, intent) ?? claim.start,
    contains,
  } as const;
  return { facts: [{ ...fact, noCode, pr }], outcome: null };
}

/** Work that is done again on top of itself begins where it began: taking it out takes all of it out. */
function whereBegun(progress: Progress, intent: CompleteIntent): string | undefined {
  const work = findTask(progress, intent.spec, intent.task)?.work;
  if (intent.goesOn !== true || work === undefined) return undefined;
  return cameBetween(progress, work.place.worktree, intent, work.completedAt) ? undefined : work.start;
}

/** Ends the claim without work: `failed`, or `cancelled` when nobody shall do it. */
export function failTask(
  progress: Progress,
  intent: TaskName & { readonly proof: ClaimProof; readonly reason: string; readonly cancelled: boolean },
): ProgressDecision {
  const { epoch } = requireClaim(progress, intent, intent.proof);
  const { spec, task, reason, cancelled } = intent;
  return { facts: [{ type: "task-failed", spec, task, epoch, reason, cancelled }], outcome: null };
}

/** Gives the claim back; whoever comes next may take the task. */
export function releaseTask(
  progress: Progress,
  intent: TaskName & { readonly proof: ClaimProof; readonly reason: string },
): ProgressDecision {
  const { epoch } = requireClaim(progress, intent, intent.proof);
  const { spec, task, reason } = intent;
  return { facts: [{ type: "claim-released", spec, task, epoch, reason }], outcome: null };
}
