/** The sizes and times of the files adapter. Tests take small ones, so that a short history meets all of them. */
export interface Limits {
  /** Longest record in bytes; what is longer stands beside the journal. */
  readonly recordBytes: number;
  /** Bytes that one look at the journal takes at a time; more than two records. */
  readonly readBytes: number;
  /** A segment that is longer is closed. */
  readonly segmentBytes: number;
  /** Segments below the older fold that are kept, so that the history stays readable. */
  readonly keptSegments: number;
  /** Records after the newest fold that call for a new one, and how many at least lie between two in one second. */
  readonly foldEvery: number;
  readonly foldBurst: number;
  /** How many winners' hashes are remembered; an older number is judged by itself. */
  readonly hashes: number;
  /** How long the ids that somebody may give again are known, and how many random ones. */
  readonly idDays: number;
  readonly randomIds: number;
  /** A commit that has not won by then, and not when it was its turn either, is given up. */
  readonly commitMs: number;
  /** How long another's turn is waited for. */
  readonly turnMs: number;
  readonly lossesBeforeTurn: number;
  /** A writer that lost often within less than this is not behind, only one of many. */
  readonly turnAfterMs: number;
  /** How many short writes of one record are tried again. */
  readonly shortWrites: number;
  /** Pause between two looks after the views, and the youngest view that a busy writer replaces. */
  readonly tendMs: number;
  readonly viewMs: number;
  /** How long after opening the views are first looked after: who comes for one record does it when it leaves. */
  readonly restMs: number;
  /** A lock that was taken less than this ago has a holder that is at work. */
  readonly heldMs: number;
  /** A view whose content is right may lag by so many records. */
  readonly viewLag: number;
  /** How often a listener's journal is looked at when no push comes. */
  readonly pollMs: number;
  /** How many hand-edited copies of one view are kept aside. */
  readonly keptCopies: number;
}

export const LIMITS: Limits = {
  recordBytes: 256 * 1024,
  readBytes: 600 * 1024,
  segmentBytes: 4 * 1024 * 1024,
  keptSegments: 16,
  foldEvery: 500,
  foldBurst: 5000,
  hashes: 65_536,
  idDays: 7,
  randomIds: 4096,
  commitMs: 5000,
  turnMs: 250,
  lossesBeforeTurn: 3,
  turnAfterMs: 60,
  shortWrites: 3,
  tendMs: 100,
  viewMs: 250,
  restMs: 250,
  heldMs: 500,
  viewLag: 1000,
  pollMs: 1000,
  keptCopies: 20,
};
