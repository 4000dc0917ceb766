import { type IdRun, readIdRun } from "../tasks/task-id.ts";

/** A dependency in the text of a task: `(depends on T003, T004)`, `Depends on T049.`, `(blocks T007)`. */
export interface InlineDependency {
  readonly way: "after" | "before";
  readonly run: IdRun;
}

/** Only where ids follow the word at once: "depends on db+redis" and "Install dependencies" name nobody. */
export function parseInline(
  text: string,
  from: number,
  options: { readonly numbers: boolean },
): readonly InlineDependency[] {
  const part = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
  WORD.lastIndex = from;
  const first = WORD.exec(part);
  if (first === null) return NONE;
  const found: InlineDependency[] = [];
  for (let match: RegExpExecArray | null = first; match !== null; match = WORD.exec(part)) {
    const way = match[1] === undefined ? "after" : "before";
    const numbers = options.numbers && match[2] !== undefined;
    let end = match.index + match[0].length;
    for (let run = readIdRun(part, end, numbers); run !== undefined; run = readIdRun(part, end, numbers)) {
      found.push({ way, run });
      end = run.end;
      FURTHER.lastIndex = end;
      const further = FURTHER.exec(part);
      if (further === null) break;
      end += further[0].length;
    }
    WORD.lastIndex = Math.max(end, match.index + 1);
  }
  return found;
}

const NONE: readonly InlineDependency[] = [];
const LONGEST_TEXT = 100_000;
/** Group 1: what follows waits. Group 2: clear enough that bare numbers are ids. */
const WORD =
  /(?<![A-Za-z0-9])(?:(blocks|before)|(depends?(?: (?:up)?on)?|dependenc(?:y|ies)|deps|blocked (?:by|on))|requires?|after|needs|waits? for|依赖于?)[ \t]{0,2}[:：]?[ \t]{0,2}(?:tasks?[ \t])?[*_`"']{0,3}(?=T|t|\d)/gi;
const FURTHER =
  /[*_`"']{0,3}(?:[ \t]{0,2}[,/&+、，][ \t]{0,2}(?:and[ \t])?|[ \t]{1,2}(?:and|or)[ \t]{1,2}|[ \t]{0,2}和[ \t]{0,2})[*_`"']{0,3}/y;
