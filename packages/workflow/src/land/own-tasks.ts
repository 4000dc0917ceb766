import { join } from "node:path";
import {
  findTaskWorktree,
  type Lane,
  type Progress,
  type RecordedTask,
  recordedTasks,
  type TaskWork,
  type TaskWorktree,
} from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { findWorktreeId } from "../tasks/open-desk.ts";

/** A task that was finished in a lane. */
export interface OwnTask extends RecordedTask {
  readonly work: TaskWork;
}

/** Every task whose work was done in the lane, whatever became of it since; also of a lane that is none of spec tasks. */
export function ownTasks(progress: Progress, lane: Pick<Lane, "id">): readonly OwnTask[] {
  return recordedTasks(progress).flatMap((recorded) => {
    const { work } = recorded.record;
    return work?.place.lane === lane.id ? [{ ...recorded, work }] : [];
  });
}

/** What is known of the lane's worktree: by its own id, else by the newest work that was done in it. */
export async function taskWorktreeOf(
  { place }: Orchard,
  progress: Progress,
  lane: Lane,
): Promise<TaskWorktree | undefined> {
  const id = lane.worktree && (await findWorktreeId(join(place.mainRoot, lane.worktree.path)));
  if (id !== undefined) return findTaskWorktree(progress, id);
  const newest = ownTasks(progress, lane).toSorted((a, b) => (a.work.completedAt < b.work.completedAt ? 1 : -1))[0];
  return newest && findTaskWorktree(progress, newest.work.place.worktree);
}
