import { OrchardError } from "@orchard/kernel";
import type { LockHolder } from "./locks.ts";

/** Somebody held the lock for longer than we wanted to wait. Nothing was changed. */
export function lockTimeout(path: string, waitMs: number, holder: LockHolder | undefined): OrchardError {
  return new OrchardError({
    code: "LOCK_TIMEOUT",
    kind: "lock",
    message: `The lock ${path} was not free within ${waitMs} ms: it is held by ${nameHolder(holder)}.`,
    hint: "Try again once that command has ended. A lock whose process died is taken over by itself.",
    details: { path, waitMs, ...(holder === undefined ? {} : { holder }) },
  });
}

/** Who holds a lock, in words for whoever waits for it. */
export function nameHolder(holder: LockHolder | undefined): string {
  return holder === undefined
    ? "another program, which does not say which one it is"
    : `"${holder.command}" (process ${holder.identity.pid} on ${holder.identity.host}, since ${holder.since})`;
}

/** Something else than a lock folder stands at the lock's path, or the place cannot be written. */
export function lockPathUnusable(path: string, why: string, cause?: unknown): OrchardError {
  return new OrchardError({
    code: "LOCK_PATH_UNUSABLE",
    kind: "state",
    message: `The lock ${path} cannot be used: ${why}.`,
    hint: "Look at that path and its permissions, then run the command again.",
    details: { path },
    cause,
  });
}
