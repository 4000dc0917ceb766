import {
  findTaskWorktree,
  type Progress,
  recordedTasks,
  type WorktreeConflict,
  type WorktreeMove,
} from "../../domain/progress.ts";
import type { ClaimPlace } from "../../domain/task.ts";
import { worktreeMoving } from "../../task-errors.ts";
import type { ProgressDecision } from "./decision.ts";

/** Announces a change of the checkout. Throws `WORKTREE_MOVING` when another was announced and is not settled. */
export function intendMove(progress: Progress, place: ClaimPlace, move: WorktreeMove): ProgressDecision {
  if (findTaskWorktree(progress, place.worktree)?.move !== undefined) throw worktreeMoving(place.path);
  return {
    facts: [
      { type: "worktree-seen", place },
      { type: "worktree-move-intended", worktree: place.worktree, move },
    ],
    outcome: null,
  };
}

/** The checkout stands at the announced commit. */
export function confirmMove(progress: Progress, worktree: string): ProgressDecision {
  const isAnnounced = findTaskWorktree(progress, worktree)?.move !== undefined;
  return { facts: isAnnounced ? [{ type: "worktree-moved", worktree }] : [], outcome: null };
}

/** Nothing was brought in. A claim that was to begin with what the move brings is given back. */
export function abandonMove(progress: Progress, worktree: string, reason: string): ProgressDecision {
  const move = findTaskWorktree(progress, worktree)?.move;
  if (move === undefined) return { facts: [], outcome: null };
  const released = recordedTasks(progress).flatMap(({ spec, task, record: { claim } }) =>
    claim?.place.worktree === worktree && claim.start === move.to
      ? [{ type: "claim-released", spec, task, epoch: claim.epoch, reason } as const]
      : [],
  );
  return { facts: [{ type: "worktree-move-abandoned", worktree, reason }, ...released], outcome: null };
}

/** A conflict is being resolved in a worktree of its own. */
export function recordConflict(progress: Progress, place: ClaimPlace, conflict: WorktreeConflict): ProgressDecision {
  const before = findTaskWorktree(progress, place.worktree);
  if (before?.move !== undefined) throw worktreeMoving(place.path);
  return {
    facts: [
      { type: "worktree-seen", place },
      { type: "worktree-conflicted", worktree: place.worktree, conflict },
    ],
    outcome: null,
  };
}

/** The conflict of a worktree is at its end; nothing is recorded when there is none. */
export function endConflict(progress: Progress, worktree: string, how: "resolved" | "abandoned"): ProgressDecision {
  const isThere = findTaskWorktree(progress, worktree)?.conflict !== undefined;
  return { facts: isThere ? [{ type: "worktree-conflict-ended", worktree, how }] : [], outcome: null };
}
