import type { IsoTime } from "@orchard/kernel";
import { findTaskWorktree, type Progress } from "../../domain/progress.ts";
import type { TaskName } from "./decision.ts";

/**
 * Whether the worktree's history since `at` holds anything but this task's work: another task of its own, or code that was
 * brought in or replaced. Then what was done before and after cannot be one piece of work.
 */
export function cameBetween(progress: Progress, worktree: string, { spec, task }: TaskName, at: IsoTime): boolean {
  const changedAt = findTaskWorktree(progress, worktree)?.changedAt;
  if (changedAt !== undefined && changedAt > at) return true;
  return Object.values(progress.specs).some((other) =>
    Object.values(other.tasks).some(({ id, work, claim }) => {
      if (other.name === spec && id === task) return false;
      const isDoneSince = work?.place.worktree === worktree && work.completedAt > at;
      return isDoneSince || claim?.place.worktree === worktree;
    }),
  );
}
