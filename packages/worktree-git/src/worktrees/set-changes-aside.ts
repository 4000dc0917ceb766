import { isUtf8 } from "node:buffer";
import { mkdir, rename } from "node:fs/promises";
import { isSystemError } from "@orchard/kernel";
import { onDisk } from "../checkout/blockers.ts";
import { lookBelow } from "../checkout/stands-at.ts";
import { shownPath } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";
import { moveByCopy } from "../removal/move-folder.ts";
import type { Repository } from "../repository/repository.ts";
import { putAbandonedLockAside } from "./abandoned-lock.ts";
import { requireWorktree } from "./find-worktree.ts";
import { CHECKOUT_LIMIT_MS } from "./fresh-checkout.ts";
import { readStatus } from "./inspect-worktree.ts";
import { operationIn } from "./operation.ts";
import { refuseSilencedDrivers } from "./silenced-drivers.ts";
import { awaitWriters, writerMark } from "./writers.ts";

/**
 * Makes the files of a work tree those of its HEAD again: what differs, and what is untracked and not ignored, moves to
 * the folder `to`, byte for byte under its own path; nothing is deleted. A link or file that stands in place of a tracked
 * folder moves as it is: what a link leads to is nobody's change here. `undefined`, and nothing moved, while HEAD is
 * not `commit` or an operation is in progress. Throws `NOT_A_WORKTREE`, `SETTINGS_NOT_ACCEPTED`, `GIT_STILL_RUNS`.
 */
export async function setChangesAside(
  repo: Repository,
  path: string,
  { commit, to }: { readonly commit: Oid; readonly to: string },
): Promise<readonly string[] | undefined> {
  const place = await requireWorktree(repo, path);
  await awaitWriters(place.root);
  const { head, names } = await readStatus(repo, place, "normal");
  if (head !== commit || (await operationIn(place.gitDir)) !== undefined) return undefined;
  if (names.length === 0) return [];
  await refuseSilencedDrivers(repo, place.gitDir, commit);
  const look = lookBelow(place.root);
  for (const name of names) {
    const standing = await whatStands(look, name.at(-1) === SLASH ? name.subarray(0, -1) : name);
    if (standing !== undefined) await moveAside(onDisk(place.root, standing), onDisk(to, standing));
  }
  await putAbandonedLockAside(repo, place);
  await repo.door.inWorktree(place, {
    command: "read-tree",
    options: ["--reset", "-u"],
    values: [commit],
    variables: writerMark(place.root),
    limitMs: CHECKOUT_LIMIT_MS,
  });
  return names.map(shownPath);
}

/** The path itself, or the link or file in place of one of its folders; `undefined` where nothing stands. */
async function whatStands(look: ReturnType<typeof lookBelow>, path: Buffer): Promise<Buffer | undefined> {
  for (let end = path.indexOf(SLASH); end !== -1; end = path.indexOf(SLASH, end + 1)) {
    const above = await look(path.subarray(0, end));
    if (above === undefined) return undefined;
    if (!above.isDirectory()) return path.subarray(0, end);
  }
  return (await look(path)) === undefined ? undefined : path;
}

/** Over a copy where the folder lies on another disk. What is gone already needs no moving. */
async function moveAside(from: Buffer, to: Buffer): Promise<void> {
  try {
    await mkdir(to.subarray(0, to.lastIndexOf(SLASH)), { recursive: true, mode: 0o700 });
    await rename(from, to);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return;
    // A program for copying takes no name that is not UTF-8.
    if (!isSystemError(error, "EXDEV") || !isUtf8(from)) throw error;
    await moveByCopy(from.toString("utf8"), to.toString("utf8"));
  }
}

/** How git ends the name of an untracked folder. */
const SLASH = "/".charCodeAt(0);
