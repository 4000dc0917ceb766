import { OrchardError } from "@orchard/kernel";

/** No journal at that place. */
export function storeMissing(folder: string): OrchardError {
  return new OrchardError({
    code: "STORE_MISSING",
    kind: "state",
    message: `There is no journal in ${folder}.`,
    hint: "Run `orch init` in the repository first.",
    details: { folder },
  });
}

/** The record did not win within the time; it was not recorded, and never will be. */
export function storeBusy(id: string, waitedMs: number, losses: number): OrchardError {
  return new OrchardError({
    code: "STORE_BUSY",
    kind: "lock",
    message: `Other writers were faster for ${waitedMs} ms (${losses} times); nothing was recorded for "${id}".`,
    hint: "Run the same command again.",
    details: { id, waitedMs, losses },
  });
}

/** The record may or may not count: the answer could neither be made durable nor read back. */
export function inDoubt(id: string, cause: unknown): OrchardError {
  return new OrchardError({
    code: "IN_DOUBT",
    kind: "lock",
    message: `Whether "${id}" was recorded cannot be known now: ${reasonOf(cause)}.`,
    hint: "Run the same command again once the disk works: what was recorded is answered, not done twice.",
    details: { id },
    cause,
  });
}

/** The disk refused the write; no part of the record counts. */
export function storeUnwritable(path: string, cause: unknown): OrchardError {
  return new OrchardError({
    code: "STORE_UNWRITABLE",
    kind: "failed",
    message: `The journal ${path} could not be written: ${reasonOf(cause)}. Nothing was recorded.`,
    hint: "Make room on the disk or mend its permissions, then run the same command again.",
    details: { path },
    cause,
  });
}

/** What was read could not be made durable, so it may not be answered with. */
export function syncFailed(path: string, cause: unknown): OrchardError {
  return new OrchardError({
    code: "SYNC_FAILED",
    kind: "failed",
    message: `The disk did not make ${path} durable: ${reasonOf(cause)}.`,
    hint: "Look at the disk (`dmesg` says more), then run the same command again.",
    details: { path },
    cause,
  });
}

/** A record that must be there is missing, or one that cannot be there is. */
export function journalDamaged(
  path: string,
  why: string,
  details: Readonly<Record<string, unknown>> = {},
): OrchardError {
  return new OrchardError({
    code: "JOURNAL_DAMAGED",
    kind: "state",
    message: `The journal ${path} is damaged: ${why}. It can be read up to there; nothing is written on top of it.`,
    hint: "Keep a copy of the folder, then run `orch doctor`.",
    details: { path, ...details },
  });
}

/** Another file stands where ours was when we opened it. */
export function storeReplaced(path: string): OrchardError {
  return new OrchardError({
    code: "STORE_REPLACED",
    kind: "state",
    message: `The journal ${path} was replaced while this command worked; nothing was recorded in the new one.`,
    hint: "Run the command again: it will see what stands there now.",
    details: { path },
  });
}

/** Records of a version that we do not know. */
export function storeNewer(path: string, found: number, known: number): OrchardError {
  return new OrchardError({
    code: "STORE_NEWER",
    kind: "state",
    message: `The journal ${path} holds records of version ${found}; this program knows version ${known} and only reads.`,
    hint: "Use the newer version of Orchard that wrote them.",
    details: { path, found, known },
  });
}

/** A file system on which several machines or kernels may write, or whose appends and syncs mean something else. */
export function networkFileSystem(folder: string, type: string): OrchardError {
  return new OrchardError({
    code: "NETWORK_FILE_SYSTEM",
    kind: "state",
    message: `${folder} lies on ${type}, where the journal cannot be kept safe.`,
    hint: "Give `orch init` a folder on a local disk: ORCH_STATE_DIR=/path/on/a/local/disk orch init.",
    details: { folder, type },
  });
}

/** The file system lost or mixed up appends of two processes. */
export function unsafeFileSystem(folder: string, why: string): OrchardError {
  return new OrchardError({
    code: "UNSAFE_FILE_SYSTEM",
    kind: "state",
    message: `The file system of ${folder} cannot hold the journal: ${why}.`,
    hint: "Give `orch init` a folder on a local disk: ORCH_STATE_DIR=/path/on/a/local/disk orch init.",
    details: { folder },
  });
}

/** An intent that the store cannot take as it is. */
export function badIntent(why: string): OrchardError {
  return new OrchardError({ code: "BAD_INTENT", kind: "internal", message: `The intent cannot be recorded: ${why}.` });
}

/** The store was closed before. */
export function storeClosed(): OrchardError {
  return new OrchardError({
    code: "STORE_CLOSED",
    kind: "internal",
    message: "The store was closed before this call.",
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
