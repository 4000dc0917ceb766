import type { IsoTime } from "@orchard/kernel";

/** A moment by every clock there is: wall time, and times within the boot that they belong to, in ms. */
export interface Instant {
  readonly at: IsoTime;
  /** Suspend included. */
  readonly sinceBoot: number;
  readonly boot: string;
  /** Suspend not included; absent where the machine does not tell. */
  readonly awake?: number | undefined;
}
