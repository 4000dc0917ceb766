import type { IsoTime } from "@orchard/kernel";
import { findTaskWorktree, type Progress, recordedTasks } from "../../domain/progress.ts";
import type { TaskName } from "./decision.ts";

/**
 * Whether the worktree's history since `at` holds anything but this task's work: another task of its own, or code that was
 * brought in or replaced. Then what was done before and after cannot be one piece of work.
 */
export function cameBetween(progress: Progress, worktree: string, { spec, task }: TaskName, at: IsoTime): boolean {
  const changedAt = findTaskWorktree(progress, worktree)?.changedAt;
  if (changedAt !== undefined && changedAt > at) return true;
  return recordedTasks(progress).some(({ record: { work, claim }, ...other }) => {
    if (other.spec === spec && other.task === task) return false;
    const isDoneSince = work?.place.worktree === worktree && work.completedAt > at;
    return isDoneSince || claim?.place.worktree === worktree;
  });
}
