import { isMark, isWideMark } from "./mark.ts";

export interface Checkbox {
  /** Empty where the box has no room for one. */
  readonly mark: string;
  /** Column (from 0) of the mark; what precedes it is ASCII. `undefined` when no single byte can tick it. */
  readonly markAt: number | undefined;
  /** Column (from 0) of what follows the box. */
  readonly end: number;
  /** Behind `#`: a task written as a heading. */
  readonly isHeading: boolean;
}

/** The box with which a list item or a heading begins. */
export function parseCheckbox(text: string): Checkbox | undefined {
  const start = BEFORE_BOX.exec(text);
  if (start === null) return undefined;
  const isHeading = start[1] !== undefined;
  const at = start[0].length;
  const close = text.indexOf("]", at);
  if (close === -1 || close > at + 3 || LINK.test(text.slice(close + 1, close + 2))) return undefined;
  const mark = text.slice(at, close);
  if (mark === "") return { mark, markAt: undefined, end: close + 1, isHeading };
  if (isMark(mark)) return { mark, markAt: at, end: close + 1, isHeading };
  return isWideMark(mark.trim()) ? { mark: mark.trim(), markAt: undefined, end: close + 1, isHeading } : undefined;
}

const BEFORE_BOX = /^(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+| {0,3}(#{1,6})[ \t]+(?:\*\*)?)\[/;
/** `[x](address)`, `[x][name]` and `[x]: address` are links. */
const LINK = /[([:]/;
