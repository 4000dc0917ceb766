import type { IsoTime } from "@orchard/kernel";
import type { ProcessIdentity } from "../processes/process-identity.ts";

/** Who has a lock, told in `<lock>.holder.json`. */
export interface LockHolder {
  readonly identity: ProcessIdentity;
  readonly command: string;
  readonly since: IsoTime;
}

/**
 * Locks order work between processes; correctness never rests on them, since a process that was stopped while it
 * held one goes on later, believing that it still does.
 */
export interface Locks {
  /**
   * Waits at most `waitMs` (5000), and not on once `signal` aborts, for the lock at `path`, a folder that is made in an
   * existing folder. Throws `LOCK_TIMEOUT` naming the holder, `LOCK_PATH_UNUSABLE` when something else stands there.
   * A crash while it is held leaves the lock to the next taker.
   */
  take(
    path: string,
    options: TakeOptions & { readonly waitMs?: number; readonly signal?: AbortSignal },
  ): Promise<HeldLock>;
  /** {@link Locks.take} without waiting: `undefined` when a live process holds it. */
  tryTake(path: string, options: TakeOptions): Promise<HeldLock | undefined>;
  /** Who holds it now; `undefined` when nobody does, or a program that does not tell. */
  holder(path: string): Promise<LockHolder | undefined>;
}

/** What whoever takes a lock says of itself. */
export interface TakeOptions {
  /** What the holder is doing, for whoever waits for it. */
  readonly command: string;
}

/** A lock that this process took; `await using` gives it back. */
export interface HeldLock extends AsyncDisposable {
  readonly path: string;
  /** Looks at the disk: false once another took the lock over, or it was released. */
  isHeld(): boolean;
  /** Gives it back, if it is still ours; another's lock is left alone. Twice is fine. */
  release(): Promise<void>;
}
