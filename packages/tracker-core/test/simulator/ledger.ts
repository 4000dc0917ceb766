import type { JournalRecord, Machine } from "@orchard/tracker-core";

/** The machine that the simulator drives: it keeps everything that ever happened, so that the state itself is the proof. */
export interface Ledger {
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  /** What `decide` answered: how many entries it saw. */
  readonly saw: number;
  /** What was claimed, if the entry is a claim. */
  readonly key?: string;
}

export const ledger: Machine<Ledger> = {
  initial: { entries: [] },
  evolve: (state, record) => ({ entries: [...state.entries, entryOf(record)] }),
};

export interface LedgerFact {
  readonly type: "put" | "claimed";
  readonly key?: string;
  readonly ballast?: string;
}

function entryOf({ seq, at, outcome, facts, describe }: JournalRecord): Entry {
  const [fact] = facts as readonly LedgerFact[];
  return { seq, id: describe, at, saw: Number(outcome), ...(fact?.key === undefined ? {} : { key: fact.key }) };
}
