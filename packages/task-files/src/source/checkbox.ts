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
  const inItem = text.startsWith("- [") ? 3 : endOf(BEFORE_BOX, text);
  const at = inItem === 0 ? endOf(HEADING_BEFORE_BOX, text) : inItem;
  if (at === 0) return undefined;
  const isHeading = inItem === 0;
  const close = text.indexOf("]", at);
  if (close === -1 || close > at + 3 || isOfLink(text.charCodeAt(close + 1))) return undefined;
  const mark = text.slice(at, close);
  if (mark === "") return { mark, markAt: undefined, end: close + 1, isHeading };
  if (isMark(mark)) return { mark, markAt: at, end: close + 1, isHeading };
  return isWideMark(mark.trim()) ? { mark: mark.trim(), markAt: undefined, end: close + 1, isHeading } : undefined;
}

/** Where what `pattern` finds at the beginning ends; 0 when it finds nothing. */
function endOf(pattern: RegExp, text: string): number {
  pattern.lastIndex = 0;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

const BEFORE_BOX = /[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[/y;
const HEADING_BEFORE_BOX = / {0,3}#{1,6}[ \t]+(?:\*\*)?\[/y;

/** `[x](address)`, `[x][name]` and `[x]: address` are links. */
function isOfLink(code: number): boolean {
  return code === 0x28 || code === 0x5b || code === 0x3a;
}
