import type { TaskWork } from "@orchard/tracker-core";
import type { Oid } from "@orchard/worktree-git";

/** A finished task with the commit that proves it. */
export interface Work {
  readonly spec: string;
  readonly task: string;
  readonly commit: Oid;
  readonly work: TaskWork;
}

/** In the order in which they were finished. */
export function byCompletion(a: Work, b: Work): number {
  return a.work.completedAt < b.work.completedAt ? -1 : 1;
}
