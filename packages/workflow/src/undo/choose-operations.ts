import { nothingToUndo, undoRefused, unknownOperation } from "./errors.ts";
import type { Operation } from "./operation.ts";
import type { Operations } from "./read-operations.ts";
import { undoSteps, whyNothing } from "./undo-steps.ts";

/** What shall be taken back: so many of the last operations, or one by its id. */
export type UndoWish = { readonly last: number } | { readonly operation: string };

/** Whether an operation can be taken back at all; the rest is seen when it is tried. */
export function isUndoable(operation: Operation, { isWhole }: Pick<Operations, "isWhole">): boolean {
  return operation.undoneBy === undefined && undoSteps(operation).length > 0 && (isWhole || keepsItself(operation));
}

/** Why it cannot; empty for one that can. */
export function whyNotUndoable(operation: Operation, operations: Pick<Operations, "isWhole">): string {
  if (operation.undoneBy !== undefined) return `taken back by ${operation.undoneBy}`;
  if (undoSteps(operation).length === 0) return whyNothing(operation);
  return isUndoable(operation, operations) ? "" : "what was before it is no longer in the journal";
}

/** Needs nothing from before the journal's beginning. */
function keepsItself({ changes }: Operation): boolean {
  return changes.lanes.size === 0;
}

/**
 * The operations that are meant, newest first. Among the last ones an undo may only stand alone: with what it took back it
 * would come to nothing. Throws `NOTHING_TO_UNDO`, `UNKNOWN_OPERATION`, `UNDO_REFUSED`.
 */
export function chooseOperations(operations: Operations, wish: UndoWish): readonly Operation[] {
  const newest = operations.list.toReversed();
  if ("operation" in wish) {
    const found = newest.find(({ id }) => id === wish.operation);
    if (found === undefined) throw unknownOperation(wish.operation);
    const why = whyNotUndoable(found, operations);
    if (why !== "") throw undoRefused([`${found.id}: ${why}`]);
    return [found];
  }
  const chosen = newest.filter((operation) => isUndoable(operation, operations)).slice(0, wish.last);
  if (chosen.length === 0) throw nothingToUndo();
  const undo = chosen.find(({ undoes }) => undoes !== undefined);
  if (chosen.length > 1 && undo !== undefined) {
    const older = newest.filter((one) => isUndoable(one, operations) && one.undoes === undefined)[0];
    throw undoRefused(
      [`${undo.id} among them is an undo itself`],
      `Take it back by: orch undo ${undo.id}; or go further back by: orch undo ${older?.id ?? "<id>"}`,
    );
  }
  return chosen;
}
