import type { IsoTime, Json } from "@orchard/kernel";

/** Something that happened, in the past tense (`lane-added`). Plain JSON; what JSON cannot say is not kept. */
export interface Fact {
  readonly type: string;
}

/** One transaction as it stands in the journal: all its facts happened, or none did. */
export interface JournalRecord {
  /** Its place in the order of everything that happened, from 1, without gaps. */
  readonly seq: number;
  /** The intent's id; a second transaction with the same id is answered with this record's outcome. */
  readonly id: string;
  /** Wall time of the writer, never before its predecessor's. */
  readonly at: IsoTime;
  /** The boot id of the writer's machine. */
  readonly boot: string;
  readonly by: string;
  /** Which state machine it speaks to. {@link JOURNAL_STREAM} is the store's own. */
  readonly stream: string;
  readonly facts: readonly Fact[];
  /** What was meant, in one sentence. */
  readonly describe: string;
  readonly outcome: Json;
  /** Groups the records that one command made. */
  readonly operation?: string;
}

/** The stream of the store's own records (`store-created`, `segment-closed`, `recovered`). No machine sees them. */
export const JOURNAL_STREAM = "journal";

/** How the records of a journal add up to a state. Both functions are pure, and the state is plain JSON. */
export interface Machine<State> {
  readonly initial: State;
  /** Raised when the same records now add up to another state: what an older one has folded is then folded anew. */
  readonly version?: number;
  evolve(state: State, record: JournalRecord): State;
}
