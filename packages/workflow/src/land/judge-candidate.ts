import { type Command, type Receipt, type RejectionCause, redOf, shownCommand, shownEnd } from "@orchard/tracker-core";
import type { Oid } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { addedFailures } from "../verify/added-failures.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import { checkBase } from "./check-base.ts";
import type { LandOptions } from "./land-outcome.ts";

export type Judgement =
  | {
      readonly kind: "good";
      readonly receipts: readonly Receipt[];
      /** The base is red and nothing is added: what was compared, a sentence for each command. */
      readonly onRedBase?: readonly string[];
    }
  | {
      readonly kind: "red";
      readonly receipts: readonly Receipt[];
      readonly red: Receipt;
      readonly cause: RejectionCause;
      readonly reason: string;
      /** It was compared with a red base. */
      readonly compared: boolean;
    }
  | { readonly kind: "interrupted" };

/**
 * Whether the combined tree may land: every command green, or, on a base that is red and allowed to be, no failure that
 * the base has not.
 */
export async function judgeCandidate(
  worker: Worker,
  subject: string,
  {
    landed,
    candidate,
    commands,
  }: { readonly landed: Oid; readonly candidate: Oid; readonly commands: readonly Command[] },
  { allowRedBase }: LandOptions,
): Promise<Judgement> {
  const base = allowRedBase === true ? await checkBase(worker, landed, { allowRedBase }) : [];
  const isRedBase = redOf(base) !== undefined;
  const addsNothing = (receipts: readonly Receipt[]) => addedFailures(base, receipts).every(({ added }) => !added);
  const options = isRedBase ? { isGood: addsNothing } : {};
  const receipts = await verifyMerged(worker, subject, candidate, commands, options);
  if (receipts === "interrupted") return { kind: "interrupted" };
  const red = redOf(receipts);
  if (red === undefined) return { kind: "good", receipts };
  if (!isRedBase) return { kind: "red", receipts, red, ...redTree(red), compared: false };
  const comparisons = addedFailures(base, receipts);
  const added = comparisons.filter((one) => one.added);
  if (added.length === 0) return { kind: "good", receipts, onRedBase: comparisons.map(({ how }) => how) };
  const reason = `it adds failures to a red base: ${added.map(({ how }) => how).join("; ")}`;
  return { kind: "red", receipts, red, cause: "verify-red", reason, compared: true };
}

function redTree(red: Receipt): { readonly cause: RejectionCause; readonly reason: string } {
  const cause = red.timedOut ? "verify-timeout" : "verify-red";
  const limit = red.timedOut ? ` after ${Math.round(red.elapsedMs / 1000)} s, "limits": {"verify"}` : "";
  return { cause, reason: `${shownCommand(red)} is red on the combined tree (${shownEnd(red)}${limit})` };
}
