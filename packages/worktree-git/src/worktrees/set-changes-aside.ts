import { cp, lstat, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import { putAbandonedLockAside } from "./abandoned-lock.ts";
import { requireWorktree } from "./find-worktree.ts";
import { readStatus } from "./inspect-worktree.ts";
import { operationIn } from "./operation.ts";
import { refuseSilencedDrivers } from "./silenced-drivers.ts";

const LIMIT_MS = 30 * 60_000;

/**
 * Makes the files of a work tree those of its HEAD again: what differs, and what is untracked and not ignored, moves to
 * the folder `to`, byte for byte under its own path; nothing is deleted. `undefined`, and nothing moved, while HEAD is
 * not `commit` or an operation is in progress. Throws `NOT_A_WORKTREE`, `SETTINGS_NOT_ACCEPTED`.
 */
export async function setChangesAside(
  repo: Repository,
  path: string,
  { commit, to }: { readonly commit: Oid; readonly to: string },
): Promise<readonly string[] | undefined> {
  const place = await requireWorktree(repo, path);
  const { head, staged, unstaged, conflicted, untracked, submodules } = await readStatus(repo, place, "normal");
  if (head !== commit || (await operationIn(place.gitDir)) !== undefined) return undefined;
  const ours = new Set(submodules);
  const paths = [...new Set([...staged, ...unstaged, ...conflicted, ...untracked])].filter((each) => !ours.has(each));
  if (paths.length === 0) return [];
  await refuseSilencedDrivers(repo, place.gitDir, commit);
  for (const each of paths) await moveAside(join(place.root, each), join(to, each));
  await putAbandonedLockAside(repo, place);
  await repo.door.inWorktree(place, {
    command: "read-tree",
    options: ["--reset", "-u"],
    values: [commit],
    limitMs: LIMIT_MS,
  });
  return paths;
}

/** Over a copy where the folder lies on another disk. What is gone already needs no moving. */
async function moveAside(from: string, to: string): Promise<void> {
  try {
    await lstat(from);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return;
    if (!isSystemError(error, "EXDEV")) throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await rm(from, { recursive: true });
  }
}
