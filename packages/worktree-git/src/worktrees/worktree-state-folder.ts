import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RepositoryPlace } from "../repository/find-repository.ts";
import { syncFolder } from "../repository/refs.ts";

type GitDirs = Pick<RepositoryPlace, "gitDir" | "commonDir">;

/**
 * Where a caller may keep files of its own for one worktree: in that worktree's own git dir, so that they are out of
 * reach of its files, nothing of them is ever committed, and a removal or a restore takes them along. The main
 * checkout's git dir is the common dir, where `orch` belongs to the whole repository: there it is a folder below.
 */
export function worktreeStateFolder({ gitDir, commonDir }: GitDirs): string {
  return gitDir === commonDir ? join(gitDir, "orch", "main-worktree") : join(gitDir, "orch");
}

/** {@link worktreeStateFolder}, made (0700) when it is not there; its name is on disk when this returns. */
export async function makeWorktreeStateFolder(place: GitDirs): Promise<string> {
  const folder = worktreeStateFolder(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let above = dirname(folder); above.startsWith(place.gitDir); above = dirname(above)) await syncFolder(above);
  return folder;
}
