import { type BroughtTask, findTask, type Progress, type TaskWorktree } from "../domain/progress.ts";
import { isDone, type TaskRecord } from "../domain/task.ts";

/** Why the work that a worktree contains is not what its task stands for today. */
export type OutOfStepWhy =
  /** Another commit took its place. */
  | "replaced"
  /** Rejected, failed or cancelled: the code has to go. */
  | "rejected"
  /** Taken out before, and good again: the code has to come back. */
  | "accepted"
  /** Somebody does it once more; nothing can be put in its place yet. */
  | "redone"
  /** No branch holds the commit any more, and nothing was found in its place. */
  | "gone";

/** Work in a worktree that is not what its task stands for any more. */
export interface OutOfStep {
  readonly part: BroughtTask;
  readonly why: OutOfStepWhy;
  /** Commit whose code stands in the worktree, and the one whose code should; absent where nothing can be done yet. */
  readonly replacement?: { readonly from: string; readonly to: string } | undefined;
}

/** Everything in `worktree` that is not what its task stands for, in the order in which it came in. */
export function outOfStep(progress: Progress, worktree: TaskWorktree): readonly OutOfStep[] {
  return worktree.brought.flatMap((part) => {
    const task = findTask(progress, part.spec, part.task);
    const found = task === undefined ? undefined : judge(part, task);
    return found === undefined ? [] : [found];
  });
}

/** Worktrees that contain work of this task, taken out or not. */
export function containersOf(progress: Progress, spec: string, task: string): readonly TaskWorktree[] {
  return Object.values(progress.worktrees).filter(({ brought }) =>
    brought.some((part) => part.spec === spec && part.task === task),
  );
}

function judge(part: BroughtTask, task: TaskRecord): OutOfStep | undefined {
  const commit = task.work?.commit;
  if (isRejected(task)) {
    return part.takenOut === true
      ? undefined
      : { part, why: "rejected", replacement: { from: part.commit, to: part.start } };
  }
  if (task.state !== "completed") return part.takenOut === true ? undefined : { part, why: "redone" };
  if (!isDone(task) || commit === undefined) return { part, why: "gone" };
  if (part.takenOut === true) return { part, why: "accepted", replacement: { from: part.start, to: commit } };
  return part.commit === commit ? undefined : { part, why: "replaced", replacement: { from: part.commit, to: commit } };
}

function isRejected({ state, pr }: TaskRecord): boolean {
  return state === "changes_requested" || state === "failed" || state === "cancelled" || pr?.status === "rejected";
}
