import { isOrchardError, type Json } from "@orchard/kernel";
import type { Intent, JournalRecord, Machine, Store } from "@orchard/tracker-core";
import { expect, test } from "vitest";

/** What every adapter of the store promises. `make` gives a fresh journal; `open` opens another hold on the same one. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  const withStore = (promise: string, body: (store: Store<Counts>, under: StoreUnderTest) => Promise<void>) =>
    test(`${name}: ${promise}`, async () => {
      await using under = await make();
      await body(under.store, under);
    });

  withStore("what was recorded is there for the next reader, in order", async (store) => {
    for (const key of ["a", "b", "a"]) await store.transact(add(key), () => count(key));
    const { state, seq } = await store.read();
    expect(state.counts).toEqual({ a: 2, b: 1 });
    const records = await all(store);
    expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + (records[0]?.seq ?? 0)));
    expect(records.at(-1)?.seq).toBe(seq);
  });

  withStore("decide sees the state right before its record, its number and its time", async (store) => {
    await store.transact(add("a"), () => count("a"));
    const seen = await store.transact(add("a"), (state, now) => ({
      ...count("a"),
      outcome: { ...state.counts, ...now },
    }));
    expect(seen.outcome).toEqual({ a: 1, seq: seen.seq, at: seen.at });
  });

  withStore("no facts: nothing is recorded, the outcome is answered", async (store) => {
    const before = await store.read();
    const answer = await store.transact(add("a"), () => ({ facts: [], outcome: "nothing to do" }));
    expect(answer).toMatchObject({ outcome: "nothing to do", recorded: false, repeated: false, seq: before.seq });
  });

  withStore("what decide throws is thrown on and records nothing", async (store) => {
    const before = await store.read();
    const refusal = new Error("no");
    const refused = store.transact(add("a"), () => {
      throw refusal;
    });
    await expect(refused).rejects.toBe(refusal);
    expect((await store.read()).seq).toBe(before.seq);
  });

  withStore("the same id is done once and answered with the first outcome", async (store) => {
    const intent = { ...add("a"), id: "start/a/1" };
    const first = await store.transact(intent, () => count("a", "first"));
    const again = await store.transact(intent, () => count("a", "second"));
    expect(first).toMatchObject({ outcome: "first", recorded: true, repeated: false });
    expect(again).toMatchObject({ outcome: "first", recorded: false, repeated: true, seq: first.seq });
    expect(again.state.counts).toEqual({ a: 1 });
  });

  withStore("an intent that only the store may write is refused", async (store) => {
    const wrong: Intent[] = [
      { ...add("a"), stream: "journal" },
      { ...add("a"), id: "~a" },
      { ...add("a"), id: "" },
    ];
    for (const intent of wrong) {
      await expect(store.transact(intent, () => count("a"))).rejects.toMatchObject({ code: "BAD_INTENT" });
    }
  });

  withStore("many at once in one process: none is lost, each saw another state", async (store) => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () =>
        store.transact(add("a"), (state) => ({ ...count("a"), outcome: state.counts["a"] ?? 0 })),
      ),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort((a, b) => a - b)).toEqual(outcomes.map((_, index) => index));
  });

  withStore("a listener hears every record once, in order, with the state after it", async (store) => {
    await store.transact(add("a"), () => count("a"));
    const heard: JournalRecord[] = [];
    let last = 0;
    const { stop } = store.subscribe((records, folded) => {
      heard.push(...records);
      last = folded.state.counts["b"] ?? 0;
    });
    for (let n = 0; n < 5; n += 1) await store.transact(add("b"), () => count("b"));
    await store.read();
    await Promise.resolve();
    expect(heard.map(({ describe }) => describe)).toEqual(Array(5).fill("add b"));
    expect(last).toBe(5);
    stop();
    await store.transact(add("b"), () => count("b"));
    await Promise.resolve();
    expect(heard).toHaveLength(5);
  });

  withStore("a listener that throws ends neither the store nor the others", async (store) => {
    let heard = 0;
    store.subscribe(() => {
      throw new Error("a listener's own fault");
    });
    store.subscribe((records) => {
      heard += records.length;
    });
    await store.transact(add("a"), () => count("a"));
    await store.read();
    await Promise.resolve();
    expect(heard).toBe(1);
  });

  withStore("history begins where it is asked to", async (store) => {
    for (let n = 0; n < 4; n += 1) await store.transact(add("a"), () => count("a"));
    const { seq } = await store.read();
    const records = await all(store, seq - 1);
    expect(records.map((record) => record.seq)).toEqual([seq - 1, seq]);
    expect(await all(store, seq + 1)).toEqual([]);
  });

  withStore("facts are kept as JSON keeps them, whatever they hold", async (store) => {
    const fact = { type: "added", key: 'ä\n"quoted" \u0000 💥', gone: undefined, deep: { list: [1, null, "x"] } };
    await store.transact(add("a"), () => ({ facts: [fact], outcome: null }));
    const [last] = (await all(store)).slice(-1);
    expect(last?.facts).toEqual([JSON.parse(JSON.stringify(fact))]);
  });

  withStore("a closed store refuses, and closing twice is fine", async (store) => {
    await store.close();
    await store.close();
    await expect(store.read()).rejects.toSatisfy((error) => isOrchardError(error, "STORE_CLOSED"));
  });
}

export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store<Counts>;
}

export interface Counts {
  readonly counts: Readonly<Record<string, number>>;
}

export const counts: Machine<Counts> = {
  initial: { counts: {} },
  evolve: ({ counts: before }, { facts }) => {
    const [fact] = facts as readonly { readonly type: string; readonly key?: string }[];
    const key = fact?.key ?? "";
    return { counts: { ...before, [key]: (before[key] ?? 0) + 1 } };
  },
};

export function add(key: string): Intent {
  return { stream: "counts", describe: `add ${key}` };
}

export function count<R extends Json = null>(key: string, outcome: R | null = null) {
  return { facts: [{ type: "added", key }], outcome: outcome as R };
}

export async function all(store: Store<Counts>, from = 1): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of store.history({ from })) records.push(record);
  return records;
}
