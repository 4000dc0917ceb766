import type { GapSeverity, ProbeResult } from "../probe-result.ts";
import { isCompiled } from "./built.ts";
import { counted, type FoundGap, gapId, oneLine, resultOf } from "./found-gap.ts";
import type { Progress } from "./run-built-in-probe.ts";
import { readEach, type Survey, type SurveyedFile } from "./survey.ts";
import { commentsOf } from "./text/comments.ts";
import { extensionOf, type Syntax, syntaxOf } from "./text/languages.ts";
import { proseLines } from "./text/prose-lines.ts";
import { isGenerated } from "./vendored.ts";

const PROBE = "todo";
const WORDS = ["FIXME", "TODO", "HACK", "XXX"] as const;
type Word = (typeof WORDS)[number];
const GRAVITY: Readonly<Record<Word, GapSeverity>> = { FIXME: "medium", TODO: "low", HACK: "low", XXX: "medium" };

/** Most files have none of the words; they are not read any closer. */
const ANY_WORD = /\b(?:FIXME|TODO|HACK|XXX)\b|@todo\b/;
/** A reminder begins with its word … */
const AT_START = /^[\s*/!#;%-]*(?:@(todo)\b|(FIXME|TODO|HACK|XXX)\b(?![-_/=]\w|\(|\s*\|))(?:\s*[:\-–—.!])*\s*(.*)$/s;
/** … or has it followed by a colon, or by a name in brackets. */
const WITH_COLON = /(?:^|[\s*/(—–-])(FIXME|TODO|HACK|XXX)(?:\([^()]{1,60}\):?|:)\s*(.*)$/s;

/** Files in which these words are quoted or are data. */
const NOT_REMINDERS =
  /(?:^|\/)(?:changelog|changes|history|news|releases?|licen[cs]e|copying)[^/]*$|(?:^|\/)(?:fixtures?|__fixtures__|testdata|__snapshots__|snapshots|cassettes)\/|\.snap$/i;

export interface Reminder {
  readonly line: number;
  readonly word: Word;
  readonly text: string;
}

/** Reminders in comments that something is left to do, a gap for each file. */
export async function probeTodo(survey: Survey, progress: Progress): Promise<ProbeResult> {
  const gaps: FoundGap[] = [];
  const counts = new Map<Word, number>(WORDS.map((word) => [word, 0]));
  const wanted = survey.files.filter(
    ({ own, path }) => own && !NOT_REMINDERS.test(path) && readerOf(path) !== undefined && !isCompiled(survey, path),
  );
  for await (const { file, text } of readEach(survey, wanted, progress)) {
    const reminders = remindersIn(file.path, text);
    for (const { word } of reminders) counts.set(word, (counts.get(word) ?? 0) + 1);
    if (reminders.length > 0) gaps.push(gapOf(file, reminders));
  }
  const found = WORDS.map((word) => [word, counts.get(word) ?? 0] as const).filter(([, count]) => count > 0);
  const said = found.map(([word, count]) => `${count} ${word}`).join(", ");
  const summary =
    found.length === 0 ? "No comment says that something is left to do." : `Reminders in comments: ${said}.`;
  return resultOf(PROBE, summary, gaps, { reminders: Object.fromEntries(found), filesRead: wanted.length });
}

/** The reminders of a file, in its order. */
export function remindersIn(path: string, text: string): readonly Reminder[] {
  if (!ANY_WORD.test(text) || isGenerated(text)) return [];
  const lines = readerOf(path)?.(text) ?? [];
  return lines.flatMap((each) => reminderOf(each) ?? []);
}

type Reader = (text: string) => readonly { readonly line: number; readonly text: string; readonly prose?: true }[];

function readerOf(path: string): Reader | undefined {
  const extension = extensionOf(path);
  if (extension === "md" || extension === "mdx" || extension === "markdown") return proseLines;
  const syntax: Syntax | undefined = syntaxOf(path);
  return syntax === undefined ? undefined : (text) => commentsOf(text, syntax);
}

function reminderOf({ line, text, prose }: ReturnType<Reader>[number]): Reminder | undefined {
  const colon = WITH_COLON.exec(text);
  if (colon !== null && !(prose === true && !/^[\s>*+-]*(?:\[[ x]\])?$/.test(text.slice(0, colon.index).trimEnd()))) {
    return { line, word: colon[1] as Word, text: oneLine(withoutEnd(colon[2] ?? "")) };
  }
  if (prose === true) return undefined;
  const start = AT_START.exec(text);
  if (start === null) return undefined;
  const word = start[1] === undefined ? (start[2] as Word) : "TODO";
  return { line, word, text: oneLine(withoutEnd(start[3] ?? "")) };
}

/** Without the mark that ends a comment on the same line. */
function withoutEnd(text: string): string {
  const end = text.trimEnd();
  if (end.endsWith("-->")) return end.slice(0, -3).trimEnd();
  if (!end.endsWith("*/")) return end;
  let stars = end.length - 1;
  while (end[stars - 1] === "*") stars--;
  return end.slice(0, stars).trimEnd();
}

function gapOf({ path }: SurveyedFile, reminders: readonly Reminder[]): FoundGap {
  const gravest = reminders.some(({ word }) => GRAVITY[word] === "medium") ? "medium" : "low";
  const [first] = reminders;
  const one = reminders.length === 1 && first !== undefined && first.text !== "";
  return {
    id: gapId(PROBE, path),
    title: one ? `${first.word}: ${first.text}` : `${counted(reminders.length, "reminder")} in ${oneLine(path, 150)}`,
    severity: gravest,
    files: [path],
    tasks: reminders
      .slice(0, 100)
      .map(({ line, word, text }) => `${path}:${line} ${word}${text === "" ? "" : `: ${text}`}`),
    evidence: reminders
      .slice(0, 100)
      .map(({ line, word, text }) => ({ file: path, line, text: `${word} ${text}`.trim() })),
  };
}
