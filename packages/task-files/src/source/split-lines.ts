/** The lines of a source, without their ends. */
export interface SplitSource {
  readonly whole: string;
  readonly texts: readonly string[];
  /** Byte offset of each line's first character. As long as what precedes a column is ASCII, byte = start + column. */
  readonly starts: ArrayLike<number>;
}

/**
 * Lines end with LF, CRLF or CR; a BOM belongs to none. Bytes that are no UTF-8 become U+FFFD in `texts` and move no
 * offset: a line end is never part of a longer sequence, so both sides of the split see the same lines.
 */
export function splitLines(bytes: Uint8Array): SplitSource {
  const whole = new TextDecoder().decode(bytes);
  const hasCr = whole.includes("\r");
  const texts = hasCr ? whole.split(/\r\n|\n|\r/) : whole.split("\n");
  // No character takes fewer bytes than it has units: where both are as many, each has as many as the other.
  const isEven = !hasCr && whole.length === bytes.length;
  return { whole, texts, starts: isEven ? startsOf(texts) : lineStarts(bytes) };
}

function startsOf(texts: readonly string[]): Float64Array {
  const starts = new Float64Array(texts.length);
  for (let i = 1; i < texts.length; i++) starts[i] = starts[i - 1]! + texts[i - 1]!.length + 1;
  return starts;
}

function lineStarts(bytes: Uint8Array): readonly number[] {
  const starts = [hasBom(bytes) ? 3 : 0];
  for (let i = 0; i < bytes.length; i++) {
    const isLoneCr = bytes[i] === CR && bytes[i + 1] !== LF;
    if (bytes[i] === LF || isLoneCr) starts.push(i + 1);
  }
  return starts;
}

function hasBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

const LF = 0x0a;
const CR = 0x0d;
