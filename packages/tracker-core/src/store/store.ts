import type { IsoTime, Json, OrchardError } from "@orchard/kernel";
import type { Fact, JournalRecord } from "./record.ts";

/**
 * One journal and the state that it adds up to. Whatever leaves the store (a state, an outcome, a refusal, a record given
 * to a listener) rests only on records that survive a power cut. Nothing is ever written except by {@link Store.transact}.
 */
export interface Store<State> {
  /** The state after every record that is there now. Throws `SYNC_FAILED` when the disk refuses to make it durable. */
  read(): Promise<Folded<State>>;

  /**
   * The one door for change: folds, asks `decide`, and records what it answers as the next record. When this resolves the
   * record is durable, and `decide` saw the state right before it. `decide` is pure; it runs again when another writer was
   * faster, and what it throws is thrown on, with nothing recorded.
   *
   * Throws `STORE_BUSY` (nothing recorded) when the record could not win within 5 s; `STORE_UNWRITABLE` (nothing recorded)
   * when the disk refuses; `IN_DOUBT` when it cannot be known whether the record will count: the same intent with the same
   * id then finds out; `JOURNAL_DAMAGED`, `STORE_NEWER`, `STORE_REPLACED` when nothing may be written.
   */
  transact<R extends Json>(
    intent: Intent,
    decide: (state: State, now: { readonly at: IsoTime; readonly seq: number }) => Decision<R>,
  ): Promise<Committed<State, R>>;

  /**
   * Calls `listener` with every record after those that were there when this was called, in order, none left out, own ones
   * too. Records come in groups; `folded` is the state after the last of the group. A listener that throws ends nothing.
   */
  subscribe(listener: Listener<State>): { stop(): void };

  /** Every record from `from` (or the oldest that is kept) on, in order, up to what is there now. */
  history(options?: { readonly from?: number }): AsyncIterable<JournalRecord>;

  /** Writes every view that is behind. Throws what kept it from doing so. */
  refreshViews(): Promise<void>;

  /** Finishes what was begun, views included, and lets go of everything. Twice is fine. */
  close(): Promise<void>;
}

/** Gets records, all durable, and the state after the last of them. */
export type Listener<State> = (records: readonly JournalRecord[], folded: Folded<State>) => void;

/** What somebody wants to happen, in words, and to which stream of the journal it belongs. */
export interface Intent {
  readonly stream: string;
  /**
   * The same for every try of the same thing, so that a repeated one is answered and not done twice; known for 7 days.
   * Without it the id is random: give one where a crash between deed and answer would make somebody ask again. May not
   * begin with `~`.
   */
  readonly id?: string;
  /** What is meant, in one sentence: "start lane docs". */
  readonly describe: string;
  readonly operation?: string;
}

/** What `decide` answers: what is to be recorded, and what the asker is told. */
export interface Decision<R extends Json> {
  /** None: nothing is recorded. */
  readonly facts: readonly Fact[];
  readonly outcome: R;
}

/** A state, and up to which record it holds the journal. */
export interface Folded<State> {
  readonly state: State;
  /** The last record that `state` holds; 0 before the first. */
  readonly seq: number;
  /** When that record was written. */
  readonly at: IsoTime;
  /**
   * Why `state` may not be the whole truth, and nothing can be written: `JOURNAL_DAMAGED` (a record before the end is
   * missing) or `STORE_NEWER` (later records were written by a newer version).
   */
  readonly trouble?: OrchardError;
}

/** What became of an intent, and the state after it. */
export interface Committed<State, R> extends Folded<State> {
  readonly outcome: R;
  /** Whether this call's facts stand in the journal because of this call. */
  readonly recorded: boolean;
  /** The id was known: the outcome is the recorded one, and `decide` was not asked. */
  readonly repeated: boolean;
}
