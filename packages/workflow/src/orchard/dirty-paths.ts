import type { WorktreeState } from "@orchard/worktree-git";

/** Paths in a worktree that no commit has, each once: staged, changed, unmerged, untracked and not ignored. */
export function dirtyPaths({ staged, unstaged, conflicted, untracked }: WorktreeState): readonly string[] {
  return [...new Set([staged, unstaged, conflicted, untracked].flatMap(({ paths }) => paths))];
}
