import type { Entry, Ledger } from "./ledger.ts";

/** What one process was told, and when: numbers count the steps of the whole history. */
export interface Observations {
  /** `isFirst`: nobody had asked for this id before. */
  readonly acknowledged: { id: string; outcome: number; began: number; ended: number; isFirst: boolean }[];
  /** Ids of which a process was told that nothing was recorded, and that nobody asked for again. */
  readonly refused: Set<string>;
  /** States that left the store: as answers, in views, or to listeners. */
  readonly seen: {
    seq: number;
    entries: number;
    last: string | undefined;
    began: number;
    ended: number;
    how: string;
  }[];
  /** Records that a listener heard, one group after the other. */
  readonly heard: { listener: number; seqs: readonly number[]; ids: readonly string[] }[];
  /** Errors that must not happen in this history. */
  readonly faults: string[];
}

export function noObservations(): Observations {
  return { acknowledged: [], refused: new Set(), seen: [], heard: [], faults: [] };
}

/** What is wrong with a history that ended with `final`; empty when every promise was kept. */
export function brokenPromises(seen: Observations, final: Ledger): readonly string[] {
  return [
    ...seen.faults,
    ...wrongOrder(final),
    ...wrongAcknowledgements(seen, final),
    ...wrongClaims(final),
    ...visibleRefusals(seen, final),
    ...vanishedStates(seen, final),
    ...staleStates(seen, final),
    ...wrongHearing(seen, final),
  ];
}

/** fold = sequential model: `decide` saw exactly the entries before its own, numbers and times only rise. */
function wrongOrder({ entries }: Ledger): readonly string[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    return [
      ...(entry.saw === index
        ? []
        : [`record ${entry.seq} was decided on ${entry.saw} entries and stands at ${index}`]),
      ...(before !== undefined && before.seq >= entry.seq ? [`record ${entry.seq} comes after ${before.seq}`] : []),
      ...(before !== undefined && before.at > entry.at ? [`the time of record ${entry.seq} runs backwards`] : []),
    ];
  });
}

function wrongAcknowledgements({ acknowledged }: Observations, { entries }: Ledger): readonly string[] {
  const places = new Map<string, Entry>();
  const found: string[] = [];
  for (const entry of entries) {
    if (places.has(entry.id)) found.push(`${entry.id} was recorded twice`);
    places.set(entry.id, entry);
  }
  for (const { id, outcome } of acknowledged) {
    const entry = places.get(id);
    if (entry === undefined) found.push(`${id} was acknowledged and is lost`);
    else if (entry.saw !== outcome) found.push(`${id} was answered ${outcome} and recorded ${entry.saw}`);
  }
  return [...found, ...overtaken(acknowledged, places)];
}

/** What was acknowledged before another was asked for stands before it. */
function overtaken(acknowledged: Observations["acknowledged"], places: ReadonlyMap<string, Entry>): readonly string[] {
  const first = acknowledged.filter(({ isFirst }) => isFirst);
  return first.flatMap((late) => {
    const seq = places.get(late.id)?.seq ?? Number.POSITIVE_INFINITY;
    const early = first.find(({ id, ended }) => ended < late.began && (places.get(id)?.seq ?? 0) > seq);
    return early === undefined ? [] : [`${late.id} was asked for after ${early.id} and stands before it`];
  });
}

function wrongClaims({ entries }: Ledger): readonly string[] {
  const keys = entries.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${key} was claimed twice`);
}

function visibleRefusals({ refused }: Observations, { entries }: Ledger): readonly string[] {
  return entries.filter(({ id }) => refused.has(id)).map(({ id }) => `${id} was refused and stands in the journal`);
}

/** Every state that anybody was shown is a beginning of the final one. */
function vanishedStates({ seen }: Observations, { entries }: Ledger): readonly string[] {
  return seen.flatMap(({ entries: count, last, how, seq }) =>
    entries[count - 1]?.id === last ? [] : [`${how} showed ${last} at ${seq}, which is not there`],
  );
}

/** A state holds everything that was acknowledged before it was asked for. */
function staleStates({ seen, acknowledged }: Observations, { entries }: Ledger): readonly string[] {
  const index = new Map(entries.map(({ id }, at) => [id, at]));
  return seen
    .filter(({ how }) => how === "read")
    .flatMap(({ began, entries: count }) => {
      const missed = acknowledged.find(({ id, ended }) => ended < began && (index.get(id) ?? -1) >= count);
      return missed === undefined ? [] : [`a read did not show ${missed.id}, acknowledged before`];
    });
}

function wrongHearing({ heard }: Observations, { entries }: Ledger): readonly string[] {
  const found: string[] = [];
  const last = new Map<number, number>();
  const known = new Map(entries.map(({ id, seq }) => [id, seq]));
  for (const { listener, seqs, ids } of heard) {
    for (const [index, seq] of seqs.entries()) {
      const before = last.get(listener);
      if (before !== undefined && seq !== before + 1) found.push(`listener ${listener} heard ${seq} after ${before}`);
      last.set(listener, seq);
      const id = ids[index] ?? "";
      if (id !== "" && known.get(id) !== seq) found.push(`listener ${listener} heard of ${id}, which is not there`);
    }
  }
  return found;
}
