import { EMPTY_PROGRESS, type Progress, SPEC_STREAM } from "../domain/progress.ts";
import type { SpecFact } from "../domain/spec-fact.ts";
import { EMPTY_TRACKER, TRACKER_STREAM, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import type { JournalRecord, Machine } from "../store/index.ts";
import { evolveProgress } from "./evolve-progress.ts";
import { evolveTracker } from "./evolve-tracker.ts";

/** Everything that the journal of one repository adds up to, stream by stream. */
export interface RepositoryState {
  readonly tracker: Tracker;
  readonly progress: Progress;
}

/** The fold of a repository's journal. Streams that this version does not know change nothing. */
export const repositoryMachine: Machine<RepositoryState> = {
  version: 5,
  initial: { tracker: EMPTY_TRACKER, progress: EMPTY_PROGRESS },
  evolve: (state, record) => {
    if (record.stream === TRACKER_STREAM) return { ...state, tracker: trackerAfter(state.tracker, record) };
    if (record.stream === SPEC_STREAM) return { ...state, progress: progressAfter(state.progress, record) };
    return state;
  },
};

// Both streams are written only through decide, which is typed; their facts are trusted here.

function trackerAfter(tracker: Tracker, record: JournalRecord): Tracker {
  const facts = record.facts as unknown as readonly TrackerFact[];
  return facts.reduce((state, fact) => evolveTracker(state, fact, record.at), tracker);
}

function progressAfter(progress: Progress, record: JournalRecord): Progress {
  const facts = record.facts as unknown as readonly SpecFact[];
  return facts.reduce((state, fact) => evolveProgress(state, fact, record.at), progress);
}
