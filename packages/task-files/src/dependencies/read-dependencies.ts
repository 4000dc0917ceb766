import type { NumberedLayers } from "../outline/number-layers.ts";
import { layerAbove, type Section } from "../outline/sections.ts";
import type { MaskedLine } from "../source/mask-lines.ts";
import type { Candidate } from "../tasks/candidate.ts";
import { ArrowGraph } from "./arrow-graph.ts";
import type { Groups } from "./groups.ts";
import { parseInline } from "./inline.ts";
import { isUsualLine, type LabelledLine, parseLabelledLine } from "./labelled-lines.ts";
import { type Reference, scanTokens } from "./references.ts";
import { parseStatement } from "./relations.ts";
import type { Said } from "./said.ts";

export interface Readable {
  readonly lines: readonly MaskedLine[];
  readonly sectionOf: readonly (Section | undefined)[];
  /** The lines that are tasks, in file order, and the tasks of each. */
  readonly chosen: readonly Candidate[];
  readonly ofCandidate: readonly (readonly number[])[];
  readonly layers: NumberedLayers;
  readonly groups: Groups;
  /** Whether bare numbers are ids. */
  readonly numbers: boolean;
}

/** Reads every line that says who waits for whom into `said`; returns how many tasks have such lines of their own. */
export function readDependencies(readable: Readable, said: Said): number {
  const reading = new Reading(readable, said);
  for (let i = 0; i < readable.lines.length; i++) reading.take(readable.lines[i]!, readable.sectionOf[i]);
  return reading.labelledTasks.size;
}

/** The task whose lines we are in. */
interface Owner {
  readonly tasks: readonly number[];
  readonly indent: number;
  /** The level of a task that is a heading: it owns all below it. */
  readonly level: number | undefined;
}

class Reading {
  readonly labelledTasks = new Set<number>();
  readonly #readable: Readable;
  readonly #said: Said;
  readonly #subjects = new Map<Section, readonly Reference[]>();
  readonly #graph: ArrowGraph;
  #next = 0;
  #owner: Owner | undefined;
  #afterBlank = false;
  #openLabel: { readonly label: LabelledLine["label"]; readonly indent: number } | undefined;

  constructor(readable: Readable, said: Said) {
    this.#readable = readable;
    this.#said = said;
    this.#graph = new ArrowGraph(said);
  }

  take(line: MaskedLine, section: Section | undefined): void {
    if (line.state === "hidden") return;
    const candidate = this.#readable.chosen[this.#next];
    if (candidate?.line === line) this.#enter(candidate, section);
    else if (section?.line === line) this.#heading(section);
    else if (line.state === "code") this.#code(line, section);
    else this.#text(line, section);
  }

  #code(line: MaskedLine, section: Section | undefined): void {
    if (section?.role === "dependencies" && this.#owner === undefined) this.#graph.take(line);
  }

  #text(line: MaskedLine, section: Section | undefined): void {
    this.#graph.end();
    if (!isInk(line.first) && line.text.trim() === "") {
      this.#afterBlank = true;
      return;
    }
    if (this.#owner !== undefined && this.#isOwned(line, this.#owner)) this.#owned(line, this.#owner);
    else this.#free(line, section);
    this.#afterBlank = false;
  }

  #enter(candidate: Candidate, section: Section | undefined): void {
    const { line, shape, prefix } = candidate;
    const tasks = this.#readable.ofCandidate[this.#next++]!;
    this.#owner = { tasks, indent: line.indent, level: shape === "heading" ? section?.level : undefined };
    this.#openLabel = undefined;
    this.#afterBlank = false;
    this.#inline(line, tasks, prefix.textAt);
  }

  #heading(section: Section): void {
    const isInside = this.#owner?.level !== undefined && section.level > this.#owner.level;
    if (!isInside) this.#owner = undefined;
    this.#openLabel = undefined;
    const layer = section.opens === undefined ? undefined : this.#readable.layers.of(section);
    if (layer === undefined || isInside || !MAY_RELATE.test(section.text)) return;
    const tokens = scanTokens(section.line.text, { numbers: false }).filter(({ start }) => start > section.textAt + 1);
    const self: Reference = {
      kind: "layers",
      spans: [{ from: layer.label, to: undefined, isOpen: false }],
      isNamedLayer: layer.kind === "layer",
      at: section.textAt,
    };
    const aside = tokens.filter(({ kind }) => kind !== "open" && kind !== "close" && kind !== "colon");
    const first = aside.findIndex(({ kind }) => kind === "after" || kind === "before");
    if (first !== -1 && layer.kind !== "story") {
      this.#said.statement(parseStatement(aside.slice(first), [self]), section.line.number);
    }
  }

  /** What is indented below a task, or follows it without a blank line and is no list item, is the task's. */
  #isOwned(line: MaskedLine, { indent, level }: Owner): boolean {
    if (level !== undefined || line.indent > indent) return true;
    return !this.#afterBlank && !BULLET.test(line.text) && !this.#speaksOfLayers(line);
  }

  #speaksOfLayers(line: MaskedLine): boolean {
    const labelled = parseLabelledLine(line.text, this.#readable);
    return labelled.some(({ references }) => references.some(({ kind }) => kind !== "ids"));
  }

  #owned(line: MaskedLine, { tasks }: Owner): void {
    if (isUsualLine(line)) {
      for (let i = 0; i < tasks.length; i++) this.labelledTasks.add(tasks[i]!);
      this.#said.usual(tasks, line);
      this.#openLabel = undefined;
      return;
    }
    const labelled = parseLabelledLine(line.text, this.#readable);
    if (labelled.length > 0) {
      for (let i = 0; i < labelled.length; i++) {
        const one = labelled[i]!;
        this.#labelled(one.label, tasks, one.references, line.number);
        if (one.isUnread && one.label === "dependencies") this.#said.unread(line);
      }
      const last = labelled[labelled.length - 1]!;
      this.#openLabel = last.isOpen ? { label: last.label, indent: line.indent } : undefined;
      return;
    }
    if (this.#openLabel !== undefined) {
      if (line.indent > this.#openLabel.indent || BULLET.test(line.text)) {
        this.#listed(line, tasks);
        return;
      }
      this.#openLabel = undefined;
    }
    this.#inline(line, tasks, 0);
  }

  /** One of the ids that stand below an empty label. */
  #listed(line: MaskedLine, tasks: readonly number[]): void {
    const at = BULLET.exec(line.text)?.[0].length ?? 0;
    const tokens = scanTokens(" ".repeat(at) + line.text.slice(at), this.#readable);
    const first = tokens.find(({ kind }) => kind !== "open" && kind !== "close");
    if (first?.kind === "reference") this.#labelled(this.#openLabel!.label, tasks, [first.reference], line.number);
  }

  #labelled(
    label: LabelledLine["label"],
    tasks: readonly number[],
    references: readonly Reference[],
    line: number,
  ): void {
    for (let i = 0; i < tasks.length; i++) this.labelledTasks.add(tasks[i]!);
    this.#said.labelled(label, tasks, references, line);
  }

  #inline(line: MaskedLine, tasks: readonly number[], from: number): void {
    const found = parseInline(line.text, from, this.#readable);
    if (found.length === 0) return;
    for (const { way, run } of found) this.#said.inline(tasks, way, run, line.number);
  }

  /** A line of no task: of a layer, or of a section about dependencies. */
  #free(line: MaskedLine, section: Section | undefined): void {
    this.#owner = undefined;
    this.#openLabel = undefined;
    if (section === undefined) return;
    if (section.role === "dependencies") {
      const tokens = scanTokens(line.text, { numbers: false });
      if (tokens.length > 0) this.#said.statement(parseStatement(tokens, this.#subjectOf(section)), line.number);
      return;
    }
    const layer =
      section.role === undefined && layerAbove(section) !== undefined ? this.#readable.layers.of(section) : undefined;
    if (layer === undefined) return;
    const group = this.#readable.groups.indexOf(layer);
    for (const { label, references } of parseLabelledLine(line.text, this.#readable)) {
      this.#said.ofLayer(group, label, references, line.number);
    }
  }

  /** `### User Story 2` in a section about dependencies: its lines are about that story. */
  #subjectOf(section: Section): readonly Reference[] {
    const known = this.#subjects.get(section);
    if (known !== undefined) return known;
    const tokens = scanTokens(section.text, { numbers: false });
    const subject = tokens.flatMap((token) => (token.kind === "reference" ? [token.reference] : []));
    this.#subjects.set(section, subject);
    return subject;
  }
}

/** A character that is certain to be no blank. */
function isInk(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Without one of these no token of a heading says before or after what it comes. */
const MAY_RELATE = /depend|require|need|after|block|wait|before|precede|依赖|需要|在|阻塞/iu;
const BULLET = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;
