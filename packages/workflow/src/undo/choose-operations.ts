import { nothingToUndo, undoRefused, unknownOperation } from "./errors.ts";
import type { Operation } from "./operation.ts";
import type { Operations } from "./read-operations.ts";
import { undoSteps, whyNothing } from "./undo-steps.ts";
import { whyNotNow } from "./why-not-now.ts";

/** What shall be taken back: so many of the last operations, or one by its id. */
export type UndoWish = { readonly last: number } | { readonly operation: string };

/** Whether `orch undo` can take this one back, as far as the tracker tells; `orch log` marks it so. */
export function isUndoable(operation: Operation, operations: Standing): boolean {
  return whyNotUndoable(operation, operations) === "";
}

/** Why it cannot; empty for one that can. */
export function whyNotUndoable(operation: Operation, operations: Standing): string {
  const never = whyNever(operation, operations);
  if (never !== "") return never;
  return whyRefusedNow([operation], operations).join("; ");
}

/** What is known of the operations when one of them is judged. */
type Standing = Pick<Operations, "isWhole" | "resetSeq" | "landed" | "tracker">;

/** Why nothing of it can be taken back, whatever its lanes are now; empty when something can. */
function whyNever(operation: Operation, { isWhole, resetSeq = 0 }: Standing): string {
  if (operation.undoneBy !== undefined) return `taken back by ${operation.undoneBy}`;
  if (operation.firstSeq < resetSeq && !operation.changes.other.has("reset"))
    return "the tracker was reset since; what that set aside: orch rescue list";
  if (undoSteps(operation).length === 0) return whyNothing(operation);
  return isWhole || keepsItself(operation) ? "" : "what was before it is no longer in the journal";
}

/** What is in the way now, and may not be later. */
function whyRefusedNow(chosen: readonly Operation[], { tracker, landed }: Standing): readonly string[] {
  const running = chosen.filter(({ isRunning }) => isRunning);
  return [
    ...running.map(({ id, by }) => `${id} is still at work (${by}): wait until it ends`),
    ...whyNotNow(tracker, chosen),
    ...(chosen.some((one) => isOvertaken(one, landed)) ? [OVERTAKEN] : []),
  ];
}

const OVERTAKEN = "other work has landed since; the lane lands again by: orch merge";

/** It moved a landing back, and what has landed is not any more where that left it. */
function isOvertaken({ undoes, changes }: Operation, landed: string | undefined): boolean {
  const landing = undoes?.landing;
  return landing?.how === "rewind" && changes.unlanded.length > 0 && landed !== landing.to;
}

/** Needs nothing from before the journal's beginning. */
function keepsItself({ changes }: Operation): boolean {
  return changes.lanes.size === 0;
}

/**
 * The operations that are meant, newest first. Among the last ones an undo may only stand alone: with what it took back it
 * would come to nothing. Where the newest cannot be taken back now, an older one is named and not taken in its place. Throws `NOTHING_TO_UNDO`, `UNKNOWN_OPERATION`, `UNDO_REFUSED`.
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
  const chosen = newest.filter((operation) => whyNever(operation, operations) === "").slice(0, wish.last);
  if (chosen.length === 0) throw nothingToUndo();
  const undo = chosen.find(({ undoes }) => undoes !== undefined);
  if (chosen.length > 1 && undo !== undefined) {
    const older = newest.filter((one) => isUndoable(one, operations) && one.undoes === undefined)[0];
    throw undoRefused(
      [`${undo.id} among them is an undo itself`],
      `Take it back by: orch undo ${undo.id}; or go further back by: orch undo ${older?.id ?? "<id>"}`,
    );
  }
  const reasons = whyRefusedNow(chosen, operations);
  if (reasons.length === 0) return chosen;
  const other = newest.find((one) => isUndoable(one, operations))?.id;
  const passedOver = newest.slice(
    0,
    newest.findIndex(({ id }) => id === chosen[0]?.id),
  );
  throw undoRefused(
    [...reasons, ...whyPassedOver(passedOver, operations)],
    other && `The newest that can be taken back: orch undo ${other}`,
  );
}

/** The newest of those that came later and are in effect for good, each reason once: often they are what was meant. */
function whyPassedOver(later: readonly Operation[], operations: Standing): readonly string[] {
  const newestBy = new Map<string, string>();
  for (const one of later) {
    const why = whyNever(one, operations);
    if (one.undoneBy === undefined && !newestBy.has(why)) newestBy.set(why, one.id);
  }
  const some = [...newestBy].slice(0, MOST_PASSED_OVER);
  return some.map(([why, id]) => `${id}, which came later, stays (${why})`);
}

/** `orch log` tells of all the others. */
const MOST_PASSED_OVER = 2;
