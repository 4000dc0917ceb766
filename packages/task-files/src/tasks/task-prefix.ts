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
