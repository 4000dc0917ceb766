import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../repository/refs.ts";
import { type GitDirs, worktreeStateFolder } from "./worktree-state-folder.ts";

/** {@link worktreeStateFolder}, made (0700) when it is not there; its name is on disk when this returns. */
export async function makeWorktreeStateFolder(place: GitDirs): Promise<string> {
  const folder = worktreeStateFolder(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let above = dirname(folder); above.startsWith(place.gitDir); above = dirname(above)) await syncFolder(above);
  return folder;
}
