/** An instant as `2026-11-21T06:00:00.000Z`. */
export type IsoTime = string;

/** Time as a value that is passed in: a test or a simulation puts its own in its place. */
export interface Clock {
  /** Wall time in ms since 1970; it may jump in both directions. */
  now(): number;
  /** Time since boot in ms, suspend included; it never runs backwards within one boot. */
  sinceBoot(): number;
  /** Time since boot in ms that the machine did not sleep; absent where it does not tell. */
  awake?(): number;
}

/** The instant `milliseconds` after 1970, in UTC. Throws `RangeError` for what is no instant, such as `NaN`. */
export function isoTime(milliseconds: number): IsoTime {
  return new Date(milliseconds).toISOString();
}

/** A source of names that do not repeat: 128 random bits as 32 hex digits. */
export type TokenSource = () => string;
