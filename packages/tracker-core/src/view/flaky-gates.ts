import { flakyOf, type Receipt, shownCommand } from "../domain/receipt.ts";
import { lanesInOrder, type Tracker } from "../domain/tracker.ts";

/** A verify command that was red and then green on the same tree. */
export interface FlakyGate {
  readonly command: string;
  /** Lane ids, and `base`. */
  readonly seenIn: readonly string[];
}

/** Every command that was flaky in what is recorded of the lanes and of the base, each once. */
export function flakyGates(tracker: Tracker): readonly FlakyGate[] {
  const seen = new Map<string, Set<string>>();
  const note = (where: string, receipts: readonly Receipt[]) => {
    for (const receipt of flakyOf(receipts)) {
      const command = shownCommand(receipt);
      seen.set(command, (seen.get(command) ?? new Set()).add(where));
    }
  };
  for (const { id, work, merge } of lanesInOrder(tracker)) {
    note(id, work?.receipts ?? []);
    if (merge?.state === "landed") note(id, merge.evidence?.receipts ?? []);
    if (merge?.state === "rejected") note(id, merge.receipts);
  }
  note("base", baseReceipts(tracker));
  return [...seen].map(([command, where]) => ({ command, seenIn: [...where] }));
}

/** What was last run on the base itself; the receipts of a landing stand with its lane. */
function baseReceipts({ base: { checked }, lanes }: Tracker): readonly Receipt[] {
  const isLanding = Object.values(lanes).some(
    ({ merge }) => merge?.state === "landed" && merge.commit === checked?.commit,
  );
  return isLanding ? [] : (checked?.receipts ?? []);
}
