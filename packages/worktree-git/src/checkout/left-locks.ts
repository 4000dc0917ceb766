import { lstat, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isSystemError } from "@orchard/kernel";
import type { WorktreePlace } from "../git/git-door.ts";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";
import { trashFolder } from "../repository/state-folders.ts";

/** A living git holds the lock of a ref for milliseconds. */
const HELD_AT_MOST_MS = 1_500;

/**
 * Puts aside the locks that a git of ours left when it was killed in the middle of moving HEAD: of HEAD, ORIG_HEAD
 * and the branch. One that changes or goes while we watch belongs to somebody who lives. The caller knows that
 * its own git is dead.
 */
export async function putLeftLocksAside(repo: Repository, { gitDir }: WorktreePlace): Promise<void> {
  const head = await plainText(join(gitDir, "HEAD"));
  const branch = /^ref: (refs\/heads\/.*)\n?$/.exec(head)?.[1];
  const locks = [join(gitDir, "HEAD.lock"), join(gitDir, "ORIG_HEAD.lock")];
  if (branch !== undefined) locks.push(join(repo.place.commonDir, `${branch}.lock`));
  const before = await Promise.all(locks.map(signOf));
  if (before.every((sign) => sign === undefined)) return;
  await pause(HELD_AT_MOST_MS);
  for (const [index, path] of locks.entries()) {
    if (before[index] === undefined || before[index] !== (await signOf(path))) continue;
    await rename(path, join(await trashFolder(repo, "lock"), basename(path)));
  }
}

async function signOf(path: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs, size } = await lstat(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
