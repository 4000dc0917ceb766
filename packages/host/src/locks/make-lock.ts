import fs from "node:fs";
import { isSystemError } from "@orchard/kernel";
import { findLockFolder, isSameFolder, type LockFolder, OUR_MODE } from "./lock-folder.ts";
import { isHolder, removeHolder, writeHolder } from "./lock-holder.ts";
import { announceTaker } from "./lock-takers.ts";
import type { HeldLock, LockHolder } from "./locks.ts";

/**
 * Makes the lock folder and keeps it fresh, or returns `undefined` when another process was faster. The only door
 * to proper-lockfile: we keep its mkdir, its heartbeat and its clean-up at exit, and take from it the right to
 * remove a folder that is not the one we made.
 */
export async function makeLock(
  path: string,
  claim: LockHolder & { readonly token: string },
  staleMs: number,
): Promise<HeldLock | undefined> {
  // The default export: a bundler gives a CommonJS library no named ones when it is loaded late.
  const { default: properLockfile } = await import("proper-lockfile");
  const announced = announceTaker(path, claim);
  let made: LockFolder | undefined;
  let lost = false;
  const isOurs = (): boolean =>
    made !== undefined && !lost && isSameFolder(made, findLockFolder(path)) && isHolder(path, claim.token);
  const lose = (): void => {
    lost = true;
    announced[Symbol.dispose]();
  };
  const removeOurs = (): void => {
    if (isOurs()) {
      removeHolder(path);
      fs.rmdirSync(path);
    }
    lose();
  };
  try {
    const release = await properLockfile.lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: NEVER,
      update: Math.max(1000, staleMs / 3),
      onCompromised: lose,
      fs: {
        ...fs,
        mkdir: (folder: string, done: (error: unknown) => void) =>
          answer(done, () => {
            fs.mkdirSync(folder, { mode: OUR_MODE });
            made = findLockFolder(folder);
            if (made !== undefined) tellHolder(path, { ...claim, folder: { ino: made.ino, born: made.born } });
          }),
        rmdir: (_folder: string, done: (error: unknown) => void) => answer(done, removeOurs),
        rmdirSync: removeOurs,
      },
    });
    return heldLock(path, isOurs, () => {
      if (isOurs()) return release();
      lose();
      return Promise.resolve();
    });
  } catch (error) {
    lose();
    if (isSystemError(error, "ELOCKED")) return undefined;
    throw error;
  }
}

/** Where the holder cannot be told (a full disk), no lock stays behind of which nobody knows whose it is. */
function tellHolder(path: string, claim: Parameters<typeof writeHolder>[1]): void {
  try {
    writeHolder(path, claim);
  } catch (error) {
    fs.rmdirSync(path);
    throw error;
  }
}

/** proper-lockfile's own judgement of age is switched off: it removes what a faster waiter has just made. */
const NEVER = Number.MAX_SAFE_INTEGER / 2;

function heldLock(path: string, isOurs: () => boolean, give: () => Promise<void>): HeldLock {
  let releasing: Promise<void> | undefined;
  const release = (): Promise<void> => {
    releasing ??= give();
    return releasing;
  };
  return {
    path,
    isHeld: () => releasing === undefined && isOurs(),
    release,
    [Symbol.asyncDispose]: release,
  };
}

/** Runs a synchronous step behind a callback interface: what it does happens in one go, never in two turns. */
function answer(done: (error: unknown) => void, step: () => void): void {
  let failure: unknown = null;
  try {
    step();
  } catch (error) {
    failure = error;
  }
  done(failure);
}
