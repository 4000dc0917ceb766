import { OrchardError } from "@orchard/kernel";

export function undoRefused(reasons: readonly string[], hint = "See what was done: orch log"): OrchardError {
  return new OrchardError({
    code: "UNDO_REFUSED",
    kind: "state",
    message: `Nothing was taken back: ${reasons.join("; ")}.`,
    hint,
    details: { reasons },
  });
}

export function nothingToUndo(): OrchardError {
  return new OrchardError({
    code: "NOTHING_TO_UNDO",
    kind: "state",
    message: "There is no operation that could be taken back.",
    hint: "orch log says of each why not.",
  });
}

export function unknownOperation(id: string): OrchardError {
  return new OrchardError({
    code: "UNKNOWN_OPERATION",
    kind: "user",
    message: `There is no operation "${id}".`,
    hint: "orch log prints the operations with their ids; a number takes back so many of the last.",
    details: { operation: id },
  });
}

export function undoConflict(files: readonly string[]): OrchardError {
  const some = files.slice(0, 10).join(", ");
  return new OrchardError({
    code: "UNDO_CONFLICT",
    kind: "conflict",
    message: `Nothing was taken back: later work changed the same lines in ${some}${files.length > 10 ? ", …" : ""}.`,
    hint: "Take the later operations back first (orch log), or land a lane that takes it out by hand.",
    details: { files },
  });
}

/** `what`: the command that is red, or on a red base what is added. */
export function undoRed(what: string, tail: string): OrchardError {
  return new OrchardError({
    code: "UNDO_RED",
    kind: "failed",
    message: `Nothing was taken back: the tree without it is red (${what}).\n${tail}`.trimEnd(),
    hint: "What has landed since may need it: land a lane that takes both out.",
    details: { command: what },
  });
}

export function undoOnRed(command: string, undo: string): OrchardError {
  return new OrchardError({
    code: "UNDO_RED",
    kind: "failed",
    message: `Nothing was taken back: ${command} is red with it and without it.`,
    hint: `Mend the base branch first. To take it back all the same, as it adds no failure: ${undo} --allow-red-base`,
    details: { command },
  });
}

/** `UNDO_AT_WORK`: another process takes something back, and has not come to its end in time. */
export function undoAtWork(id: string, pid: number): OrchardError {
  return new OrchardError({
    code: "UNDO_AT_WORK",
    kind: "lock",
    message: `Another process (pid ${pid}) is taking something back (${id}) and has not ended.`,
    hint: "Wait until it ends, then run this again. See: orch log",
    details: { id, pid },
  });
}
