import { decodeRecord, type Line } from "../files/line.ts";

/** A record as it stands in a file: `bytes` are its own, without newlines. */
export interface FoundRecord {
  readonly line: Line;
  readonly bytes: Buffer;
  /** Byte offset in the file. */
  readonly start: number;
}

/** Bytes in which no record is vouched for by its hash. */
export interface TornBytes {
  readonly torn: Buffer;
  readonly start: number;
}

/** Everything in a segment, in order. Torn lines that follow each other are one: a newline may be what was damaged. */
export function* scanLines(content: Buffer): Iterable<FoundRecord | TornBytes> {
  let tornFrom: number | undefined;
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline === -1 ? content.length : newline;
    const found = decodeRecord(content.subarray(start, end));
    if (found === undefined) {
      if (end > start) tornFrom ??= start;
      start = end + 1;
      continue;
    }
    if (tornFrom !== undefined) yield { torn: trimmed(content.subarray(tornFrom, start)), start: tornFrom };
    tornFrom = undefined;
    yield { line: found.line, bytes: content.subarray(start, start + found.length), start };
    // What stands behind a record on its line may be another one whose newline was taken.
    start = start + found.length === end ? end + 1 : start + found.length;
  }
  if (tornFrom !== undefined) yield { torn: trimmed(content.subarray(tornFrom)), start: tornFrom };
}

function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === NEWLINE) end -= 1;
  return bytes.subarray(0, end);
}

const NEWLINE = 10;
