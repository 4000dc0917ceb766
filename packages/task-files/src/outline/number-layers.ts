import { info, quoted } from "../findings.ts";
import type { Finding, Layer } from "../task-document.ts";
import { leadingNumber } from "./layer-heading.ts";
import { layerAbove, type Section } from "./sections.ts";

export interface NumberedLayer {
  readonly section: Section;
  readonly kind: Layer["kind"];
  readonly number: number;
  readonly label: string;
  readonly title: string;
  readonly story: string | undefined;
}

export interface NumberedLayers {
  /** In file order. */
  readonly all: readonly NumberedLayer[];
  readonly findings: readonly Finding[];
  /** The layer of what stands in `section`. */
  of(section: Section | undefined): NumberedLayer | undefined;
}

/**
 * The layers of a file: every heading that names one, and plain headings where tasks stand outside of those. Two
 * of the same number (a second `Phase 1`, or `3.1` and `3.10`) get different ones.
 */
export function numberLayers(sections: readonly Section[], withTasks: Iterable<Section | undefined>): NumberedLayers {
  const opened = sections.filter(({ opens }) => opens !== undefined);
  const isCollection = sections.filter(({ level }) => level === 1).length > 1;
  const plain = new Set<Section>();
  for (const section of withTasks) {
    const top = layerAbove(section) === undefined ? plainLayer(section, isCollection) : undefined;
    if (top !== undefined) plain.add(top);
  }
  const numbering = new Numbering([...opened, ...plain]);
  const all = [...opened, ...plain].map((section) => layerOf(section, numbering)).sort(byLine);
  const bySection = new Map(all.map((layer) => [layer.section, layer]));
  const of = (section: Section | undefined) => {
    const holder = layerAbove(section) ?? plainLayer(section, isCollection);
    return holder === undefined ? undefined : bySection.get(holder);
  };
  return { all, findings: duplicates(all), of };
}

/** The outermost heading below the document's title. */
function plainLayer(section: Section | undefined, isCollection: boolean): Section | undefined {
  let top: Section | undefined;
  for (let at = section; at !== undefined; at = at.parent) if (at.level > 1 || isCollection) top = at;
  return top;
}

class Numbering {
  readonly #used = new Set<number>();
  readonly #wanted: ReadonlyMap<Section, number>;
  #next: number;

  constructor(sections: readonly Section[]) {
    const wanted = new Map<Section, number>();
    for (const section of sections) {
      const number = section.opens?.wanted ?? leadingNumber(section.text);
      if (number === undefined || Number.isNaN(number) || this.#used.has(number)) continue;
      this.#used.add(number);
      wanted.set(section, number);
    }
    this.#wanted = wanted;
    this.#next = sections.reduce((most, section) => Math.max(most, Math.ceil(wanted.get(section) ?? 0)), 0) + 1;
  }

  numberOf(section: Section): number {
    return this.#wanted.get(section) ?? this.#next++;
  }
}

function layerOf(section: Section, numbering: Numbering): NumberedLayer {
  const { opens, text, story } = section;
  const number = numbering.numberOf(section);
  const plain = { kind: "section" as const, label: "", title: text.replaceAll("**", "").trim() };
  return { section, number, story, ...(opens === undefined ? plain : named(opens)) };
}

function named({ kind, label, title }: Pick<NumberedLayer, "kind" | "label" | "title">) {
  return { kind, label, title };
}

function duplicates(layers: readonly NumberedLayer[]): readonly Finding[] {
  const first = new Map<string, NumberedLayer>();
  return layers.flatMap((layer) => {
    const key = `${layer.kind} ${layer.label}`;
    const before = first.get(key);
    if (layer.kind === "section" || before === undefined) {
      first.set(key, layer);
      return [];
    }
    const position = { line: layer.section.line.number, column: layer.section.textAt + 1 };
    const message = `${quoted(key)} stands in the file twice (first on line ${before.section.line.number}); this one is number ${layer.number}.`;
    return [info("DUPLICATE_LAYER", { message, position })];
  });
}

function byLine(a: NumberedLayer, b: NumberedLayer): number {
  return a.section.line.number - b.section.line.number;
}
