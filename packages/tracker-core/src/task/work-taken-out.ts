import type { WorkTakenOut } from "../domain/lane.ts";
import type { TaskWorktree } from "../domain/progress.ts";
import { lanesInOrder } from "../domain/tracker.ts";
import type { RepositoryState } from "../evolve/repository-machine.ts";

/** Work that the worktree's history holds and its files do not. */
export function takenOutOf({ brought }: TaskWorktree): readonly WorkTakenOut[] {
  const out = brought.filter(({ takenOut }) => takenOut === true);
  return out.map(({ spec, task, commit }) => ({ spec, task, commit }));
}

/**
 * All work that was taken out somewhere, by the worktrees as they are now and the lanes as they were when they landed:
 * of it ancestry alone does not tell whether the code is there.
 */
export function workTakenOut({ tracker, progress }: RepositoryState): readonly WorkTakenOut[] {
  const now = Object.values(progress.worktrees).flatMap(takenOutOf);
  const then = lanesInOrder(tracker).flatMap(({ merge }) => (merge?.state === "landed" ? (merge.without ?? []) : []));
  const reverted = (tracker.undone ?? []).flatMap(({ how, tasks }) => (how === "revert" ? tasks : []));
  return [...now, ...then, ...reverted];
}
