import { decodeLine, type Line } from "./line.ts";

/** A well-formed line and where it stands: from `start` to before the newline at `end`. */
export interface PlacedLine {
  readonly line: Line;
  readonly start: number;
  readonly end: number;
}

/** Every well-formed line in `bytes`; what is torn is passed over. */
export function* linesIn(bytes: Buffer): Iterable<PlacedLine> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = decodeLine(bytes.subarray(start, end));
    if (line !== undefined) yield { line, start, end };
    start = end + 1;
  }
}
