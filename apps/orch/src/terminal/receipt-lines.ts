import { printableLine } from "@orchard/kernel";
import { flakyOf, isGreen, type Lane, type Receipt, shownCommand, shownEnd } from "@orchard/tracker-core";

/** What was run for a lane, on which tree, and what came out: one heading a tree, one line a run. */
export function receiptLines({ work, merge }: Lane): readonly string[] {
  const landing = merge?.state === "landed" ? merge.evidence : undefined;
  const rejected = merge?.state === "rejected" ? merge.receipts : [];
  return [
    ...ofTree("in its worktree", work?.receipts ?? []),
    ...onRedBase(work?.onRedBase),
    ...ofTree("on the combined tree that landed", landing?.receipts ?? []),
    ...ofTree("on the combined tree", rejected),
    ...onRedBase(landing?.onRedBase),
    ...(landing?.regenerated === undefined ? [] : [`  made anew: ${landing.regenerated.map(line).join(", ")}`]),
    ...(landing?.reverts === undefined ? [] : [`  takes back, as accepted: ${revertsOf(landing.reverts)}`]),
  ];
}

function onRedBase(compared: readonly string[] = []): readonly string[] {
  return compared.map((how) => `  on a red base, ${printableLine(how, 200)}`);
}

function ofTree(where: string, receipts: readonly Receipt[]): readonly string[] {
  const [first] = receipts;
  if (first === undefined) return [];
  const flaky = new Set(flakyOf(receipts));
  return [
    `  verified ${first.commit.slice(0, 10)} ${where}:`,
    ...receipts.flatMap((one) => ofRun(one, flaky.has(one))),
  ];
}

function ofRun(receipt: Receipt, isFlaky: boolean): readonly string[] {
  const symbol = isGreen(receipt) ? "✓" : isFlaky ? "!" : "✗";
  const end = `${shownEnd(receipt)}${isFlaky ? ", then green on the same tree: flaky" : ""}`;
  const took = `${(receipt.elapsedMs / 1000).toFixed(1)} s`;
  const run = `    ${symbol} ${printableLine(shownCommand(receipt), 80)} → ${end}, ${took}, output ${receipt.digest.slice(0, 12)}`;
  const changed = receipt.changed?.map(line).join(", ");
  return changed === undefined ? [run] : [run, `      it changed ${changed}; none of that is committed`];
}

function revertsOf(lanes: readonly string[]): string {
  return lanes.length === 0 ? "what the base branch gained" : lanes.join(", ");
}

function line(text: string): string {
  return printableLine(text, 120);
}
