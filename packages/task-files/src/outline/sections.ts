import type { MaskedLine } from "../source/mask-lines.ts";
import { type LayerHeading, parseLayerHeading, storyOf } from "./layer-heading.ts";
import { roleOf, type SectionRole } from "./section-role.ts";

/** A heading and what its lines inherit from it. */
export interface Section {
  readonly level: number;
  readonly parent: Section | undefined;
  readonly text: string;
  readonly line: MaskedLine;
  /** Column (from 0) of the heading's text. */
  readonly textAt: number;
  readonly role: SectionRole | undefined;
  /** Only on the heading that opens the layer. */
  readonly opens: LayerHeading | undefined;
  readonly agent: string | undefined;
  readonly story: string | undefined;
}

/** Follows the headings of a source line by line. */
export class Sections {
  #current: Section | undefined;

  get current(): Section | undefined {
    return this.#current;
  }

  /** The section that `line` opens, or `undefined` when it is no heading. */
  enter(line: MaskedLine): Section | undefined {
    const match = line.first === HASH && line.state === "text" && line.indent < 4 ? HEADING.exec(line.text) : null;
    if (match === null) return undefined;
    const level = match[1]!.length;
    let parent = this.#current;
    while (parent !== undefined && parent.level >= level) parent = parent.parent;
    const text = withoutClosing(line.text.slice(match[0].length));
    this.#current = sectionOf({ level, parent, text, line, textAt: match[0].length });
    return this.#current;
  }
}

/** The layer heading that a section stands under, itself included. */
export function layerAbove(section: Section | undefined): Section | undefined {
  let at = section;
  while (at !== undefined && at.opens === undefined) at = at.parent;
  return at;
}

function sectionOf(heading: Pick<Section, "level" | "parent" | "text" | "line" | "textAt">): Section {
  const { parent, text, level } = heading;
  const inherited = parent?.role;
  const layer = inherited === undefined ? parseLayerHeading(text) : undefined;
  // A story inside a phase labels its tasks; the phase stays the layer.
  const opens = layer?.kind === "story" && layerAbove(parent) !== undefined ? undefined : layer;
  const isDocumentTitle = level === 1 && parent === undefined;
  return {
    ...heading,
    role: inherited ?? (layer === undefined && !isDocumentTitle ? roleOf(text) : undefined),
    opens,
    agent: agentOf(text) ?? parent?.agent,
    story: layer === undefined ? (parent?.story ?? undefined) : storyOf(text),
  };
}

function agentOf(text: string): string | undefined {
  return /(?:^|[\s([*_`:—–-])@([A-Za-z][\w-]{0,39})(?![\w-]*[/.]\w)/.exec(text)?.[1];
}

function withoutClosing(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (end > 0 && trimmed[end - 1] === "#") end--;
  return end === 0 || trimmed[end - 1] === " " || trimmed[end - 1] === "\t" ? trimmed.slice(0, end).trim() : trimmed;
}

const HASH = 0x23;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+|$)/;
