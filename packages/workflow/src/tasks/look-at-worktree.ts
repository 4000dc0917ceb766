import { inspectWorktree, type Oid, type WorktreeState } from "@orchard/worktree-git";
import type { TaskDesk } from "./desk.ts";
import { dirtyWorktree, noCommitYet, operationInProgress, worktreeChanged } from "./errors.ts";

/**
 * HEAD of the asker's worktree, when everything in it is committed: no staged, changed or untracked file, no operation in
 * progress. Throws `OPERATION_IN_PROGRESS`, `DIRTY_WORKTREE`, `NO_COMMIT_YET`.
 */
export async function requireCleanHead({ orchard, asker }: TaskDesk): Promise<Oid> {
  const { path } = asker.place;
  const seen = await inspectWorktree(await orchard.repository(), path);
  if (!seen.intact) throw worktreeChanged(path, "its link to the repository was tampered with");
  if (seen.operation !== undefined) throw operationInProgress(path, seen.operation);
  const { files, count } = dirt(seen);
  if (count > 0) throw dirtyWorktree(path, files, count);
  if (seen.head === undefined) throw noCommitYet(path);
  return seen.head;
}

function dirt({ staged, unstaged, conflicted, untracked }: WorktreeState) {
  const lists = [staged, unstaged, conflicted, untracked];
  const files = [...new Set(lists.flatMap(({ paths }) => paths))];
  return { files, count: Math.max(files.length, ...lists.map(({ count }) => count)) };
}
