import type { MaskedLine } from "../source/mask-lines.ts";
import { readIdRun } from "../tasks/task-id.ts";
import { type Reference, scanTokens, type Token } from "./references.ts";

/** `Dependencies: T034, T037 (REQUIRED before starting)` or `Blocks: T051`. */
export interface LabelledLine {
  readonly label: "dependencies" | "blocks";
  readonly references: readonly Reference[];
  /** Nothing stands behind the label: the ids may follow on lines of their own. */
  readonly isOpen: boolean;
  /** Something stands there, and it names nothing that could be waited for. */
  readonly isUnread: boolean;
}

/**
 * Whether a line is like most of those with a label: it and single ids, with one comma and one blank between them. What it
 * says is then read from its characters alone, with {@link startOfIds} and {@link endOfId}.
 */
export function isUsualLine({ text, first }: MaskedLine): boolean {
  return (first === D || first === B) && USUAL.test(text);
}

/** The label of a usual line. */
export function labelOf({ first }: MaskedLine): LabelledLine["label"] {
  return first === B ? "blocks" : "dependencies";
}

/** Where the first id of a usual line begins. */
export function startOfIds(text: string): number {
  return text.indexOf(":") + 2;
}

/** Where an id of a usual line ends; the next one begins two columns later. */
export function endOfId(text: string, at: number): number {
  const comma = text.indexOf(",", at);
  return comma === -1 ? text.length : comma;
}

/** What the dependency labels on one line say; several may share a line (`Dependencies: None | Blocks: T038`). */
export function parseLabelledLine(text: string, options: { readonly numbers: boolean }): readonly LabelledLine[] {
  if (!text.includes(":") && !text.includes("：")) return NONE;
  const only = ASCII_START.exec(text) ?? (ASCII.test(text) ? null : START.exec(text));
  if (only === null) return NONE;
  const end = only[0].length;
  const isOnly = text.indexOf(":", end) === -1 && text.indexOf("：", end) === -1;
  if (isOnly) return [labelled(only, text, only[0].length, options)];
  const labels = [...text.slice(0, LONGEST_TEXT).matchAll(LABEL)];
  return labels.map((match, i) => {
    const end = labels[i + 1]?.index ?? text.length;
    return labelled(match, text.slice(0, end), match.index + match[0].length, options);
  });
}

function labelled(
  match: RegExpExecArray,
  text: string,
  start: number,
  options: { readonly numbers: boolean },
): LabelledLine {
  const label = match[1] === undefined ? "dependencies" : "blocks";
  const references = plainList(text, start, options) ?? listWithNotes(text, start, options);
  const isOpen =
    references.length === 0 &&
    text
      .slice(start)
      .replace(/[\s*_`|]{1,80}$/, "")
      .trim() === "";
  const isUnread = references.length === 0 && !isOpen && !saysNone(text, start, options);
  return { label, references, isOpen, isUnread };
}

function saysNone(text: string, start: number, options: { readonly numbers: boolean }): boolean {
  const said = text.slice(start);
  if (!/[\p{L}\p{N}]/u.test(said)) return true;
  return scanTokens(" ".repeat(start) + said, options).some(({ kind }) => kind === "none" || kind === "free");
}

/** Ids and commas and nothing else, as most lines are; `undefined` when there is more to it. */
function plainList(text: string, start: number, { numbers }: { readonly numbers: boolean }) {
  const references: Reference[] = [];
  let at = skipTo(BLANK, text, start);
  for (let run = readIdRun(text, at, numbers); run !== undefined; run = readIdRun(text, at, numbers)) {
    references.push({ kind: "ids", run, at });
    at = skipTo(COMMA, text, run.end);
    if (at >= text.length) return references;
    if (at === run.end) return undefined;
  }
  return undefined;
}

function listWithNotes(text: string, start: number, options: { readonly numbers: boolean }): readonly Reference[] {
  // Blanks instead of what precedes, so that columns stay.
  return referencesOf(scanTokens(" ".repeat(start) + text.slice(start), options));
}

function skipTo(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const USUAL = /^[ \t]*(?:Blocks|Dependencies): T\d{1,9}(?:, T\d{1,9})*$/;
const B = 0x42;
const D = 0x44;
const BLANK = /[ \t]*/y;
const COMMA = /[ \t]*,?[ \t]*/y;

/** All that is named before a note begins; the ids in parentheses behind a layer are more exact than the layer. */
function referencesOf(tokens: readonly Token[]): readonly Reference[] {
  const references: Reference[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "open") depth++;
    else if (token.kind === "close") depth = Math.max(0, depth - 1);
    else if (token.kind === "reference") take(references, token.reference, depth);
    else if (depth === 0 && ENDS.has(token.kind)) break;
  }
  return references;
}

function take(references: Reference[], reference: Reference, depth: number): void {
  const last = references.at(-1);
  if (depth > 0 && reference.kind !== "ids") return;
  if (depth > 0 && last !== undefined && last.kind !== "ids") references.pop();
  references.push(reference);
}

const ENDS: ReadonlySet<Token["kind"]> = new Set(["none", "before", "after", "exclude", "free", "reset"]);
const NONE: readonly LabelledLine[] = [];
const LONGEST_TEXT = 100_000;
const BLOCKS = "Blocks|Blocking|Unblocks|阻塞|ブロック";
const DEPENDS =
  "Dependencies|Dependency|Depends(?: on)?|Deps|Requires|Blocked by|Prerequisites?|依赖(?:于|任务)?|前置(?:条件|任务|依赖)|依存(?:関係)?|前提(?:条件)?";
const startAfter = (sign: string) =>
  String.raw`^[ \t]*(?:[-*+>][ \t]+)?${sign}{0,8}(?:(${BLOCKS})|${DEPENDS})\s{0,3}[*_]{0,3}\s{0,2}[:：][*_]{0,3}`;
const START = new RegExp(startAfter(String.raw`[^\p{L}\p{N}]`), "iu");
/** The same behind nothing but ASCII; several times as fast. */
const ASCII_START = new RegExp(startAfter(String.raw`[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]`), "i");
const ASCII = /^[\x00-\x7f]*$/;
const LABEL = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:(${BLOCKS})|${DEPENDS})\s{0,3}[*_]{0,3}\s{0,2}[:：][*_]{0,3}`,
  "giu",
);
