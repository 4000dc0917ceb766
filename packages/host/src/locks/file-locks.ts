import { setTimeout as pause } from "node:timers/promises";
import { isOrchardError, isoTime, isSystemError } from "@orchard/kernel";
import { livenessOf } from "../processes/liveness.ts";
import { ownIdentity } from "../processes/process-identity.ts";
import { readProcessRow } from "../processes/process-table.ts";
import { randomToken } from "../processes/system-clock.ts";
import { breakLock } from "./break-lock.ts";
import { lockPathUnusable, lockTimeout } from "./errors.ts";
import { type FoundLock, findLockFolder } from "./lock-folder.ts";
import { readHolder } from "./lock-holder.ts";
import type { HeldLock, LockHolder, Locks, TakeOptions } from "./locks.ts";
import { makeLock } from "./make-lock.ts";

export interface FileLocksOptions {
  /** How long a holder that cannot be judged, or was stopped, may show no sign of life: 30,000 ms. */
  readonly staleMs?: number;
}

/** The locks of one machine's files: see {@link Locks} for what they hold. */
export const fileLocks: Locks = createFileLocks();

/**
 * A dead holder's lock is taken over at once; a stopped one's, and one of another container or program, once it
 * shows no sign of life for `staleMs`; that of a running process never, however blocked or wherever the clock jumps.
 */
export function createFileLocks({ staleMs = 30_000 }: FileLocksOptions = {}): Locks {
  const tryTake = async (path: string, { command }: TakeOptions): Promise<HeldLock | undefined> => {
    const found = findLockFolder(path);
    if (found !== undefined && !(isAbandoned(path, found, staleMs) && breakLock(path, found, staleMs)))
      return undefined;
    const claim = { identity: ownIdentity(), command, since: isoTime(Date.now()), token: randomToken() };
    return makeLock(path, claim, staleMs);
  };
  return {
    tryTake: (path, options) => tryTake(path, options).catch((error: unknown) => explain(path, error)),
    async take(path, { waitMs = 5000, command }) {
      const deadline = performance.now() + waitMs;
      for (let wait = 2; ; wait = Math.min(wait * 1.5, 40)) {
        const held = await this.tryTake(path, { command });
        if (held !== undefined) return held;
        const left = deadline - performance.now();
        if (left <= 0) throw lockTimeout(path, waitMs, await this.holder(path));
        await pause(Math.min(left, wait * (0.5 + Math.random())));
      }
    },
    async holder(path): Promise<LockHolder | undefined> {
      const folder = findLockFolder(path);
      return folder === undefined ? undefined : readHolder(path, folder);
    },
  };
}

function isAbandoned(path: string, found: FoundLock, staleMs: number): boolean {
  const holder = readHolder(path, found);
  const liveness = holder === undefined ? "unknown" : livenessOf(holder.identity);
  if (liveness === "dead") return true;
  if (liveness === "alive" && readProcessRow(holder?.identity.pid ?? 0)?.state !== "stopped") return false;
  return Math.abs(Date.now() - found.touched) > staleMs;
}

function explain(path: string, error: unknown): never {
  if (isOrchardError(error)) throw error;
  if (isSystemError(error, "ENOENT")) throw lockPathUnusable(path, "the folder for it does not exist", error);
  if (isSystemError(error, "EACCES", "EPERM", "EROFS", "ENOTDIR", "ELOOP", "ENAMETOOLONG")) {
    throw lockPathUnusable(path, `its place cannot be written (${error.code})`, error);
  }
  throw error;
}
