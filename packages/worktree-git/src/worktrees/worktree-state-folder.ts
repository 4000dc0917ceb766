import { join } from "node:path";
import type { RepositoryPlace } from "../repository/find-repository.ts";

export type GitDirs = Pick<RepositoryPlace, "gitDir" | "commonDir">;

/**
 * Where a caller may keep files of its own for one worktree: in that worktree's own git dir, so that they are out of
 * reach of its files, nothing of them is ever committed, and a removal or a restore takes them along. The main
 * checkout's git dir is the common dir, where `orch` belongs to the whole repository: there it is a folder below.
 */
export function worktreeStateFolder({ gitDir, commonDir }: GitDirs): string {
  return gitDir === commonDir ? join(gitDir, "orch", "main-worktree") : join(gitDir, "orch");
}
