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

export function undoRed(command: string, tail: string): OrchardError {
  return new OrchardError({
    code: "UNDO_RED",
    kind: "failed",
    message: `Nothing was taken back: without it ${command} is red.\n${tail}`.trimEnd(),
    hint: "What has landed since may need it: land a lane that takes both out.",
    details: { command },
  });
}
