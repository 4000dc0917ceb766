import { type IdRun, readIdRun } from "./task-id.ts";

/** What stands before the text of a task: ids, labels, agent. */
export interface TaskPrefix {
  /** Empty when the line has no id. */
  readonly runs: readonly IdRun[];
  /** Whether the ids are bare numbers. */
  readonly isNumbered: boolean;
  readonly parallel: boolean;
  readonly story: string | undefined;
  readonly agent: string | undefined;
  /** Where (column from 0) the text begins. */
  readonly textAt: number;
}

export interface PrefixOptions {
  /** A bare `1` is an id only behind the word: `Task 1`, not `1 Overview`. */
  readonly numbersNeedWord: boolean;
}

/** Reads `T012 [P] [US1] @agent …` from column `at`, in any order, bold or not. Linear. */
export function parseTaskPrefix(text: string, at: number, options: PrefixOptions): TaskPrefix {
  return usualPrefix(text, at, options) ?? anyPrefix(text, at, options);
}

/**
 * Most lines have one id and labels with single blanks between them, or no prefix at all: seen in one step.
 * `undefined`: to be read piece by piece.
 */
function usualPrefix(text: string, at: number, { numbersNeedWord }: PrefixOptions): TaskPrefix | undefined {
  const start = text[at] === " " ? at + 1 : at;
  if (isPlainLetter(text.charCodeAt(start))) {
    return { runs: NO_RUNS, isNumbered: false, parallel: false, story: undefined, agent: undefined, textAt: start };
  }
  USUAL.lastIndex = start;
  const match = USUAL.exec(text);
  if (match === null) return undefined;
  const id = match[1];
  const first = id ?? match[2] ?? match[3];
  if (first === undefined || (id === undefined && numbersNeedWord)) return undefined;
  const story = match[5];
  const run = { first, last: undefined, isOpen: false, others: NONE, start, end: start + first.length };
  return {
    runs: [run],
    isNumbered: id === undefined,
    parallel: match[4] !== undefined,
    story: story === undefined ? undefined : `US${Number(story)}`,
    agent: match[6],
    textAt: USUAL.lastIndex,
  };
}

/** A letter that neither an id nor the word before one begins with. */
function isPlainLetter(code: number): boolean {
  return ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) && code !== 0x54 && code !== 0x74;
}

function anyPrefix(text: string, at: number, options: PrefixOptions): TaskPrefix {
  const state: Reading = {
    runs: [],
    isNumbered: false,
    parallel: false,
    story: undefined,
    agent: undefined,
    textAt: at,
  };
  for (let next = step(text, at, state, options); next > state.textAt; next = step(text, next, state, options)) {
    state.textAt = next;
  }
  return state;
}

interface Reading {
  runs: IdRun[];
  isNumbered: boolean;
  parallel: boolean;
  story: string | undefined;
  agent: string | undefined;
  textAt: number;
}

/** Reads one piece and tells where it ends; where it began when nothing more belongs to the prefix. */
function step(text: string, at: number, state: Reading, options: PrefixOptions): number {
  const blank = skip(BLANK, text, at);
  if (blank > at) return blank;
  const ids = state.runs.length === 0 ? readIds(text, at, state, options) : at;
  if (ids > at) return ids;
  LABEL.lastIndex = at;
  const label = text[at] === "[" || text[at] === "(" ? LABEL.exec(text) : null;
  if (label !== null && takeLabel(label[1] ?? label[2] ?? "", state)) return at + label[0].length;
  AGENT.lastIndex = at;
  const agent = text[at] === "@" ? AGENT.exec(text) : null;
  if (agent === null) return at;
  state.agent ??= agent[1];
  return at + agent[0].length;
}

function readIds(text: string, at: number, state: Reading, { numbersNeedWord }: PrefixOptions): number {
  const afterWord = skip(WORD, text, at);
  const start = skip(OPENING, text, afterWord);
  const first = readIdRun(text, start, true);
  if (first === undefined) return at;
  const isNumbered = /^\d/.test(first.first);
  if (isNumbered && !isNumberId(text, first, afterWord > at, numbersNeedWord)) return at;
  state.isNumbered = isNumbered;
  state.runs.push(first);
  let end = first.end;
  for (let next = furtherRun(text, end, isNumbered); next !== undefined; next = furtherRun(text, end, isNumbered)) {
    state.runs.push(next);
    end = next.end;
  }
  return skip(SEPARATOR, text, skip(CLOSING, text, end));
}

/** `1. Title`, `1.1 Title` and `Task 1` are ids, the `5` of "5 files to change" is none. */
function isNumberId(text: string, { first, end }: IdRun, hasWord: boolean, needsWord: boolean): boolean {
  if (hasWord) return true;
  if (needsWord) return false;
  return first.includes(".")
    ? /^(?:[\s.:)\]*]|$)/.test(text.slice(end, end + 1))
    : /^[.:)]\s/.test(text.slice(end, end + 2));
}

function furtherRun(text: string, at: number, isNumbered: boolean): IdRun | undefined {
  const start = skip(LIST_SEPARATOR, text, at);
  return start === at || isNumbered ? undefined : readIdRun(text, start, false);
}

function takeLabel(label: string, state: Reading): boolean {
  if (label === "P" || label === "p") {
    state.parallel = true;
    return true;
  }
  const story = STORY.exec(label);
  if (story !== null) state.story ??= `US${Number(story[1])}`;
  return story !== null || OTHER_LABEL.test(label);
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const NONE: readonly string[] = [];
const NO_RUNS: readonly IdRun[] = [];
/** The text begins with a letter that does not make the id a range (`T1 to T3`). */
const USUAL =
  /(?:(T\d{1,9}) |(\d{1,4}(?:\.\d{1,4}){1,4}) |(\d{1,4})\. )(?:\[(P)\] )?(?:\[US(\d{1,3})\] )?(?:@([A-Za-z][\w-]{0,39}) )?(?=[A-SU-Za-su-z])/y;
const BLANK = /(?:[ \t]|\*\*|__|~~)+/y;
const WORD = /(?:Task|任务|任務|タスク)(?:[ \t]{1,3}|(?=\d))/iy;
const OPENING = /[[`(]{0,2}/y;
const CLOSING = /[\])`*_]{0,6}/y;
const SEPARATOR = /[ \t]*(?:[:：.、|]|[-–—](?=[ \t]))?/y;
const LIST_SEPARATOR = /[ \t]{0,2}[/,&+、][ \t]{0,2}/y;
const LABEL = /\[([^\][\n]{1,24})\](?![(])|\((P)\)/y;
const AGENT = /@([A-Za-z][\w-]{0,39})(?![\w/.]*\/)(?:[ \t]*[:,](?=[ \t]))?/y;
const STORY = /^(?:US|User Story|Story)[ -]?(\d{1,3})/i;
/** `[P1]`, `[CRITICAL]`, `[VERIFY]`: of no meaning to us, and no part of the text. */
const OTHER_LABEL = /^[A-Z][A-Z0-9 _-]*$/;
