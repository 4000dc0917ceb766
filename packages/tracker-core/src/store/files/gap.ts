import type { Line } from "./line.ts";

/** What lies from the first impossible line of a segment to its end. */
export interface Gap {
  /** Byte offset of the impossible line. */
  readonly from: number;
  /** Offset behind the last byte that was looked at. */
  readonly to: number;
  /** The numbers that are missing or follow a missing one. */
  readonly first: number;
  readonly last: number;
  /** The boot ids of all well-formed lines in it. */
  readonly boots: readonly string[];
  /** The highest number that one of these lines says was durable. */
  readonly witnessed: number;
  /** The record by which the first writer after a power cut gave the range up, and where that record ends. */
  readonly recovered?: { readonly line: Line; readonly end: number };
}

/**
 * Whether the gap may be what a power cut left of records that nobody was told about: every line of it is from an earlier
 * boot, and nothing says that the missing number was durable. All else is damage.
 */
export function isTraceOfPowerCut(gap: Gap, witnessed: number, boot: string): boolean {
  const earlier = gap.boots.every((other) => other !== boot && other !== UNKNOWN_BOOT) && boot !== UNKNOWN_BOOT;
  return earlier && Math.max(gap.witnessed, witnessed) < gap.first;
}

export const UNKNOWN_BOOT = "unknown";
