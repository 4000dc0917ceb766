import type { FileStat, OpenFile } from "@orchard/host";

/** A file of the journal. Generation 0 is the first; a recovery after a failed sync makes the next. */
export interface SegmentName {
  /** The number of its first record. */
  readonly first: number;
  readonly generation: number;
}

/** A segment that is open; the one descriptor reads, appends and syncs. */
export interface Segment extends SegmentName {
  readonly path: string;
  readonly file: OpenFile;
  readonly stat: FileStat;
}

/** `000000000001.ndjson`, `000000000001.2.ndjson`. */
export function fileOf({ first, generation }: SegmentName): string {
  const number = String(first).padStart(12, "0");
  return generation === 0 ? `${number}.ndjson` : `${number}.${generation}.ndjson`;
}

/** The mark that a sync of this segment failed: nobody acknowledges anything in it any more. */
export function poisonOf(path: string): string {
  return `${path}.poisoned`;
}
