import { findTaskWorktree, outOfStep, type Progress } from "@orchard/tracker-core";
import type { Flag } from "./outcomes.ts";

/** What in a worktree is not what its tasks stand for: told by every command until it is mended. */
export function flagsOf(progress: Progress, worktree: string): readonly Flag[] {
  const found = findTaskWorktree(progress, worktree);
  if (found === undefined) return [];
  return outOfStep(progress, found).map(({ part, why, replacement }) => ({
    spec: part.spec,
    task: part.task,
    why,
    commit: part.commit,
    restack: replacement !== undefined,
  }));
}
