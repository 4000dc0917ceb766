import { setTimeout as pause } from "node:timers/promises";
import { isOrchardError, isoTime, isSystemError } from "@orchard/kernel";
import { livenessOf } from "../processes/liveness.ts";
import { ownIdentity } from "../processes/process-identity.ts";
import { readProcessRow } from "../processes/process-table.ts";
import { randomToken } from "../processes/system-clock.ts";
import { breakLock } from "./break-lock.ts";
import { lockPathUnusable, lockTimeout } from "./errors.ts";
import { type FoundLock, findLockFolder } from "./lock-folder.ts";
import { holderOf } from "./lock-holder.ts";
import type { HeldLock, LockHolder, Locks, TakeOptions } from "./locks.ts";
import { makeLock } from "./make-lock.ts";

/** How long a silent holder is believed, and who is told of long waits. */
export interface FileLocksOptions {
  /** How long a holder that cannot be judged, or was stopped, may show no sign of life: 30,000 ms. */
  readonly staleMs?: number;
  /** Told once of each lock that is waited for longer than a second, with who holds it. */
  readonly onWait?: (path: string, holder: LockHolder | undefined) => void;
}

/** The locks of one machine's files: see {@link Locks} for what they hold. */
export const fileLocks: Locks = createFileLocks();

/**
 * A dead holder's lock is taken over at once, wherever in its making or its release it died; a stopped one's, and one of
 * another container or program, once it shows no sign of life for `staleMs`; that of a running process never, however blocked or wherever the clock jumps.
 */
export function createFileLocks({ staleMs = 30_000, onWait }: FileLocksOptions = {}): Locks {
  const tryTake = async (path: string, { command }: TakeOptions): Promise<HeldLock | undefined> => {
    const found = findLockFolder(path);
    if (found !== undefined && !(isAbandoned(path, found, staleMs) && breakLock(path, found, staleMs)))
      return undefined;
    const claim = { identity: ownIdentity(), command, since: isoTime(Date.now()), token: randomToken() };
    return makeLock(path, claim, staleMs);
  };
  return {
    tryTake: (path, options) => tryTake(path, options).catch((error: unknown) => explain(path, error)),
    async take(path, { waitMs = 5000, command, signal }) {
      const asked = performance.now();
      const deadline = asked + waitMs;
      let told = onWait === undefined;
      for (let wait = 2; ; wait = Math.min(wait * 1.5, 40)) {
        const held = await this.tryTake(path, { command });
        if (held !== undefined) return held;
        const left = deadline - performance.now();
        if (left <= 0 || signal?.aborted === true) throw lockTimeout(path, waitMs, await this.holder(path));
        if (!told && performance.now() - asked > QUIET_MS) {
          told = true;
          onWait?.(path, await this.holder(path));
        }
        await pause(Math.min(left, wait * (0.5 + Math.random())));
      }
    },
    async holder(path): Promise<LockHolder | undefined> {
      const folder = findLockFolder(path);
      return folder === undefined ? undefined : holderOf(path, folder);
    },
  };
}

const QUIET_MS = 1000;

function isAbandoned(path: string, found: FoundLock, staleMs: number): boolean {
  const holder = holderOf(path, found);
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
