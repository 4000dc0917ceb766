import { randomToken, systemClock } from "@orchard/host";
import { type Clock, type IsoTime, isoTime, type Json } from "@orchard/kernel";
import { storeClosed } from "../errors.ts";
import type { JournalRecord, Machine } from "../record.ts";
import { requireGoodIntent } from "../require-good-intent.ts";
import type { Committed, Decision, Folded, Intent, Listener, Store } from "../store.ts";

/** A store that lives as long as the process: same promises, same contract suite, nothing on disk. */
export function openMemoryStore<State>(options: {
  readonly machine: Machine<State>;
  readonly by: string;
  readonly clock?: Clock;
}): Store<State> {
  return new MemoryStore(options.machine, options.by, options.clock ?? systemClock);
}

class MemoryStore<State> implements Store<State> {
  readonly #machine: Machine<State>;
  readonly #by: string;
  readonly #clock: Clock;
  readonly #records: JournalRecord[] = [];
  readonly #listeners = new Set<Listener<State>>();
  #state: State;
  #closed = false;

  constructor(machine: Machine<State>, by: string, clock: Clock) {
    this.#machine = machine;
    this.#by = by;
    this.#clock = clock;
    this.#state = machine.initial;
  }

  async read(): Promise<Folded<State>> {
    this.#requireOpen();
    return this.#folded();
  }

  async transact<R extends Json>(
    intent: Intent,
    decide: (state: State, now: { readonly at: IsoTime; readonly seq: number }) => Decision<R>,
  ): Promise<Committed<State, R>> {
    this.#requireOpen();
    requireGoodIntent(intent);
    const known = this.#records.find(({ id }) => id === intent.id);
    if (known !== undefined) {
      return { ...this.#folded(), outcome: known.outcome as R, recorded: false, repeated: true };
    }
    const now = { at: this.#now(), seq: this.#records.length + 1 };
    const decision = decide(this.#state, now);
    if (decision.facts.length === 0) {
      return { ...this.#folded(), outcome: decision.outcome, recorded: false, repeated: false };
    }
    this.#record(recordOf(intent, decision, now, this.#by));
    return { ...this.#folded(), outcome: decision.outcome, recorded: true, repeated: false };
  }

  subscribe(listener: Listener<State>): { stop(): void } {
    this.#requireOpen();
    this.#listeners.add(listener);
    return { stop: () => this.#listeners.delete(listener) };
  }

  async *history({ from = 1 }: { readonly from?: number } = {}): AsyncIterable<JournalRecord> {
    this.#requireOpen();
    yield* this.#records.slice(Math.max(0, from - 1));
  }

  async refreshViews(): Promise<void> {
    this.#requireOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  #record(record: JournalRecord): void {
    this.#state = this.#machine.evolve(this.#state, record);
    this.#records.push(record);
    const folded = this.#folded();
    for (const listener of this.#listeners) {
      queueMicrotask(() => this.#tell(listener, record, folded));
    }
  }

  #tell(listener: Listener<State>, record: JournalRecord, folded: Folded<State>): void {
    if (!this.#listeners.has(listener)) return;
    try {
      listener([record], folded);
    } catch {
      // The listener's own affair: the others and the store go on.
    }
  }

  #folded(): Folded<State> {
    const last = this.#records.at(-1);
    return { state: this.#state, seq: last?.seq ?? 0, at: last?.at ?? isoTime(0) };
  }

  #now(): IsoTime {
    const now = isoTime(this.#clock.now());
    const before = this.#records.at(-1)?.at ?? now;
    if (now < before) return before;
    return now;
  }

  #requireOpen(): void {
    if (this.#closed) throw storeClosed();
  }
}

function recordOf(
  intent: Intent,
  decision: Decision<Json>,
  now: { readonly at: IsoTime; readonly seq: number },
  by: string,
): JournalRecord {
  const kept = JSON.parse(JSON.stringify({ facts: decision.facts, outcome: decision.outcome })) as Pick<
    JournalRecord,
    "facts" | "outcome"
  >;
  return {
    ...now,
    id: intent.id ?? `~${randomToken()}`,
    boot: "memory",
    by,
    stream: intent.stream,
    ...kept,
    describe: intent.describe,
    ...(intent.operation === undefined ? {} : { operation: intent.operation }),
  };
}
