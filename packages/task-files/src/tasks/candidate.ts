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

/** A list item or heading that could be a task. `opened` is the section that the line opened, if it did. */
export function findCandidate(line: MaskedLine, section: Section | undefined, opened: Section | undefined) {
  if (line.state !== "text" || section?.role === "legend") return undefined;
  return opened === undefined ? listItem(line, section) : heading(line, opened);
}

function listItem(line: MaskedLine, section: Section | undefined): Candidate | undefined {
  if (isLetter(line.first)) return undefined;
  const box = parseCheckbox(line.text);
  if (box !== undefined)
    return candidate({ line, section, shape: "checkbox", box }, box.end + optionalStar(line.text, box));
  const bullet = BULLET.exec(line.text);
  return bullet === null ? undefined : candidate({ line, section, shape: "bullet", box }, bullet[0].length);
}

/** What most lines that are no list items begin with. */
function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** `- [ ]* 1.1` marks an optional task. */
function optionalStar(text: string, box: Checkbox): number {
  return text[box.end] === "*" && text[box.end + 1] !== "*" ? 1 : 0;
}

function heading(line: MaskedLine, opened: Section): Candidate | undefined {
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

const BULLET = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const DECORATION = /^(?:[ \t*_]|[^\p{L}\p{N}\p{P}\p{S}]|\p{So}|\ufe0f)*/u;
