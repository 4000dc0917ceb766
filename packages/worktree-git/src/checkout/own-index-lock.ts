import { copyFile, link, lstat, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";

export interface LockedIndex {
  readonly token: string;
  readonly gitDir: string;
}

/** The index that we write while git's own is locked. */
export function privateIndex({ gitDir, token }: LockedIndex): string {
  return join(gitDir, `orch-index-${token}`);
}

/**
 * Takes git's own lock of an index (`index.lock`), so that nobody's git changes it meanwhile. The lock is a
 * second name of a file that carries our token: after a crash it can be told from everybody else's.
 * False when somebody holds it.
 */
export async function takeIndexLock(index: LockedIndex): Promise<boolean> {
  await writeFile(tokenFile(index), `${index.token}\n`);
  try {
    await link(tokenFile(index), lockFile(index));
    return true;
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
    if (await holdsIndexLock(index)) return true;
    await rm(tokenFile(index), { force: true });
    return false;
  }
}

/** Whether the lock that lies there is the one that was made under this token. */
export async function holdsIndexLock(index: LockedIndex): Promise<boolean> {
  const [ours, theirs] = await Promise.all(
    [tokenFile(index), lockFile(index)].map((path) => lstat(path).catch(() => undefined)),
  );
  return ours !== undefined && theirs !== undefined && ours.ino === theirs.ino && ours.dev === theirs.dev;
}

/** Gives the lock back, if it is ours, and takes our files away. */
export async function releaseIndexLock(index: LockedIndex): Promise<void> {
  if (await holdsIndexLock(index)) await rm(lockFile(index), { force: true });
  for (const path of [privateIndex(index), `${privateIndex(index)}.lock`, tokenFile(index)])
    await rm(path, { force: true });
}

/** Copies the index to {@link privateIndex}. */
export async function copyIndex(index: LockedIndex): Promise<void> {
  await copyIndexFile(join(index.gitDir, "index"), privateIndex(index));
}

/**
 * Copies an index that may not be there. The copy is dated a little before the original: git then looks again at files
 * that changed in the same instant, instead of trusting their dates.
 */
export async function copyIndexFile(original: string, copy: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(original);
    await copyFile(original, copy);
    const before = Math.floor(mtimeMs - 1) / 1000;
    await utimes(copy, before, before);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}

/** Puts {@link privateIndex} in the index's place, in one step. Nothing happens when it was done before. */
export async function swapIndex(index: LockedIndex): Promise<void> {
  try {
    await rename(privateIndex(index), join(index.gitDir, "index"));
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}

function lockFile({ gitDir }: LockedIndex): string {
  return join(gitDir, "index.lock");
}

function tokenFile({ gitDir, token }: LockedIndex): string {
  return join(gitDir, `orch-lock-${token}`);
}
