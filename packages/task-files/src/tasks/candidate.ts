import type { Section } from "../outline/sections.ts";
import { type Checkbox, parseCheckbox } from "../source/checkbox.ts";
import { saysDone } from "../source/mark.ts";
import type { MaskedLine } from "../source/mask-lines.ts";
import { parseTaskPrefix, type TaskPrefix } from "./task-prefix.ts";

/** A line that may be a task; which ones are is decided when all are known. */
export interface Candidate {
  readonly line: MaskedLine;
  readonly section: Section | undefined;
  readonly shape: "checkbox" | "heading" | "bullet";
  readonly box: Checkbox | undefined;
  readonly prefix: TaskPrefix;
  /** Column (from 0) of the id, or of the text where there is none. */
  readonly idAt: number;
  readonly isTicked: boolean;
}

/** A list item with a box. */
export function findBox(line: MaskedLine, section: Section | undefined): Candidate | undefined {
  const box = isLetter(line.first) ? undefined : parseCheckbox(line.text);
  if (box === undefined) return undefined;
  return candidate({ line, section, shape: "checkbox", box }, box.end + optionalStar(line.text, box));
}

/** A list item, when it has no box. */
export function findBullet(line: MaskedLine, section: Section | undefined): Candidate | undefined {
  BULLET.lastIndex = 0;
  if (!BULLET.test(line.text)) return undefined;
  return candidate({ line, section, shape: "bullet", box: undefined }, BULLET.lastIndex);
}

/** What most lines that are no list items begin with. */
export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** `- [ ]* 1.1` marks an optional task. */
function optionalStar(text: string, box: Checkbox): number {
  return text[box.end] === "*" && text[box.end + 1] !== "*" ? 1 : 0;
}

/** A heading that could be a task; `opened` is its section. */
export function findHeading(line: MaskedLine, opened: Section): Candidate | undefined {
  if (opened.opens !== undefined) return undefined;
  const box = parseCheckbox(line.text);
  const start = box?.end ?? opened.textAt;
  const at = start + (DECORATION.exec(line.text.slice(start, start + 24))?.[0].length ?? 0);
  // The heading itself is not where its task stands.
  const found = candidate({ line, section: opened.parent, shape: "heading", box }, at);
  return found.prefix.runs.length === 1 && found.prefix.runs[0]!.last === undefined ? found : undefined;
}

type Known = Pick<Candidate, "line" | "section" | "shape" | "box">;

function candidate(known: Known, at: number): Candidate {
  const prefix = parseTaskPrefix(known.line.text, at, { numbersNeedWord: known.shape !== "checkbox" });
  const { line, section, shape, box } = known;
  const idAt = prefix.runs[0]?.start ?? prefix.textAt;
  return { line, section, shape, box, prefix, idAt, isTicked: box !== undefined && saysDone(box.mark) };
}

const BULLET = /[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/y;
const DECORATION = /^(?:[ \t*_]|[^\p{L}\p{N}\p{P}\p{S}]|\p{So}|\ufe0f)*/u;
