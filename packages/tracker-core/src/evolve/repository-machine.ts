import { EMPTY_TRACKER, TRACKER_STREAM, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import type { JournalRecord, Machine } from "../store/index.ts";
import { evolveTracker } from "./evolve-tracker.ts";

/** Everything that the journal of one repository adds up to, stream by stream. */
export interface RepositoryState {
  readonly tracker: Tracker;
}

/** The fold of a repository's journal. Streams that this version does not know change nothing. */
export const repositoryMachine: Machine<RepositoryState> = {
  initial: { tracker: EMPTY_TRACKER },
  evolve: (state, record) =>
    record.stream === TRACKER_STREAM ? { ...state, tracker: trackerAfter(state.tracker, record) } : state,
};

function trackerAfter(tracker: Tracker, record: JournalRecord): Tracker {
  // The tracker stream is written only through decide, which is typed; its facts are trusted here.
  const facts = record.facts as unknown as readonly TrackerFact[];
  return facts.reduce((state, fact) => evolveTracker(state, fact, record.at), tracker);
}
