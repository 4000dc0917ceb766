import { linkSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { livenessOf } from "../processes/liveness.ts";
import { ownIdentity, type ProcessIdentity } from "../processes/process-identity.ts";
import { randomToken } from "../processes/system-clock.ts";
import { findLockFolder, isSameFolder, type LockFolder } from "./lock-folder.ts";
import { readTakers, removeDeadTakers } from "./lock-takers.ts";
import { writeNew } from "./write-new.ts";

/**
 * Removes a lock whose holder is gone, and only that one: of any number of waiters that saw it, one at a time may
 * try, and it looks again before it renames the folder away. (Without the claim a slow waiter removes the lock
 * that a faster one has made meanwhile.) Returns whether the lock is gone now.
 *
 * A crash in its middle leaves a claim of a dead process, which the next waiter goes past.
 */
export function breakLock(path: string, folder: LockFolder, staleMs: number): boolean {
  const claims = claimsOf(path, folder);
  if (!claims.take(staleMs)) return false;
  try {
    if (!isSameFolder(folder, findLockFolder(path))) return true;
    const takers = readTakers(path);
    const aside = `${path}.broken-${randomToken()}`;
    renameSync(path, aside);
    removeEmpty(aside);
    removeDeadTakers(takers);
    return true;
  } finally {
    claims.clear();
  }
}

/** Files `<lock>.break-<folder>-<n>`, made by link(2), so that each number has one owner and is never half there. */
function claimsOf(path: string, folder: LockFolder) {
  const parent = dirname(path);
  const stem = `${basename(path)}.break-${folder.ino}-${folder.born}-`;
  const numbers = (): readonly number[] =>
    readdirSync(parent).flatMap((name) => (name.startsWith(stem) ? [Number(name.slice(stem.length))] : []));
  const fileOf = (number: number): string => join(parent, `${stem}${number}`);
  return {
    take(staleMs: number): boolean {
      const last = Math.max(0, ...numbers().filter(Number.isSafeInteger));
      if (last > 0 && !isAbandoned(fileOf(last), staleMs)) return false;
      return linkNew(fileOf(last + 1), JSON.stringify(ownIdentity()));
    },
    clear(): void {
      for (const number of numbers()) rmSync(fileOf(number), { force: true });
    },
  };
}

function isAbandoned(claim: string, staleMs: number): boolean {
  try {
    const liveness = livenessOf(JSON.parse(readFileSync(claim, "utf8")) as ProcessIdentity);
    return liveness === "dead" || (liveness === "unknown" && Math.abs(Date.now() - statSync(claim).mtimeMs) > staleMs);
  } catch {
    return false;
  }
}

function linkNew(path: string, content: string): boolean {
  const temporary = `${path}.${randomToken()}.new`;
  writeNew(temporary, content);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A foreign file inside stays, beside the lock, under the name that says what happened. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}
