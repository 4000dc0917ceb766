/** One line of the source, without its line end. */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  /** Byte offset of its first character. As long as what precedes a column is ASCII, byte = start + column. */
  readonly start: number;
  readonly text: string;
}

/**
 * Lines end with LF, CRLF or CR; a BOM belongs to none. Bytes that are no UTF-8 become U+FFFD in `text` and move no
 * offset: a line end is never part of a longer sequence, so both sides of the split see the same lines.
 */
export function splitLines(bytes: Uint8Array): readonly SourceLine[] {
  const texts = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
  const starts = lineStarts(bytes);
  return texts.map((text, i) => ({ number: i + 1, start: starts[i]!, text }));
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
