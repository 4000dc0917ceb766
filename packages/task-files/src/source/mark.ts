/** What a ticked box holds: the byte of `x`. */
export const TICK = 0x78;

/** Whether `byte` is a tick, `x` or `X`. */
export function isTicked(byte: number | undefined): boolean {
  return byte === TICK || byte === 0x58;
}

/** Whether the ASCII character stands for a state in a box; a letter such as the P of a legend does not. */
export function isMark(character: string): boolean {
  return character.length === 1 && ASCII_MARKS.includes(character);
}

/** Whether one byte of a box may become another: both are marks. */
export function isMarkByte(byte: number | undefined): boolean {
  return byte !== undefined && byte < 0x80 && isMark(String.fromCharCode(byte));
}

/** Marks of more than one byte say that something is done, or something else; no single byte ticks them. */
export function isWideMark(character: string): boolean {
  return DONE_MARKS.includes(character) || OTHER_MARKS.includes(character);
}

export function saysDone(mark: string): boolean {
  return mark === "x" || mark === "X" || DONE_MARKS.includes(mark);
}

const ASCII_MARKS = " xX~->/!?*+.o";
const DONE_MARKS = ["✓", "✔", "✅", "☑", "√"];
const OTHER_MARKS = ["⏳", "🚧", "🔄", "❌", "✗", "✘", "⏸", "🟡", "…"];
