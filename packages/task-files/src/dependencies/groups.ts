import type { NumberedLayer } from "../outline/number-layers.ts";
import type { TaskEntry } from "../task-document.ts";
import type { Reference, Span } from "./references.ts";

/** A layer with its tasks; the last one, without a layer, holds the tasks outside of all. */
export interface Group {
  readonly layer: NumberedLayer | undefined;
  readonly tasks: readonly number[];
}

/** Finds the layers and stories that a text speaks of. */
export class Groups {
  readonly all: readonly Group[];
  readonly #ofSection: ReadonlyMap<NumberedLayer, number>;
  readonly #byLabel = new Map<string, number>();
  readonly #byStory = new Map<string, number[]>();
  readonly #labelled = new Map<string, number[]>();
  #stories: readonly number[] | undefined;

  constructor(layers: readonly NumberedLayer[], tasks: readonly TaskEntry[]) {
    const members = new Map<number | undefined, number[]>();
    tasks.forEach(({ layer, story }, index) => {
      push(members, layer, index);
      if (story !== undefined) push(this.#labelled, story, index);
    });
    const outside = members.get(undefined);
    this.all = [
      ...layers.map((layer) => ({ layer, tasks: members.get(layer.number) ?? [] })),
      ...(outside === undefined ? [] : [{ layer: undefined, tasks: outside }]),
    ];
    this.#ofSection = new Map(layers.map((layer, index) => [layer, index]));
    layers.forEach(({ kind, label, story }, index) => {
      const key = `${kind} ${label}`;
      if (!this.#byLabel.has(key)) this.#byLabel.set(key, index);
      if (story !== undefined) push(this.#byStory, story, index);
    });
  }

  indexOf(layer: NumberedLayer): number {
    return this.#ofSection.get(layer)!;
  }

  isStory(group: number): boolean {
    return this.all[group]?.layer?.story !== undefined;
  }

  /** `story` only where that story has no layer of its own: its tasks by their label. */
  find(
    reference: Reference,
    about: readonly number[],
  ): { readonly groups: readonly number[]; readonly tasks: readonly number[] } {
    const groups = (found: readonly number[]) => ({ groups: found, tasks: [] });
    switch (reference.kind) {
      case "layers":
        return groups(reference.spans.flatMap((span) => this.#span(span, reference.isNamedLayer)));
      case "stories":
        return this.#storiesOf(reference.numbers.map((number) => `US${number}`));
      case "everyStory":
        return this.#everyStory();
      case "everyLayer":
        return groups(this.#others(about));
      case "lastLayer":
        return groups(this.all.flatMap(({ layer }, index) => (layer?.kind === "phase" ? [index] : [])).slice(-1));
      case "name":
        return groups(this.#named(reference.name));
      default:
        return groups([]);
    }
  }

  /** All layers but those that the statement is about: those before it in the file, or all when it is the first. */
  #others(about: readonly number[]): readonly number[] {
    const first = Math.min(...about, Number.POSITIVE_INFINITY);
    return this.all.flatMap(({ layer }, index) => (layer !== undefined && index < first ? [index] : []));
  }

  #span({ from, to, isOpen }: Span, isNamedLayer: boolean): readonly number[] {
    const kinds = isNamedLayer ? ["layer", "phase"] : ["phase", "layer", "section"];
    const kind = kinds.find((one) => this.#byLabel.has(`${one} ${from}`)) ?? kinds[0]!;
    if (to === undefined && !isOpen) {
      const index = this.#byLabel.get(`${kind} ${from}`);
      return index === undefined ? [] : [index];
    }
    const [low, high] = [Number(from), to === undefined ? Number.POSITIVE_INFINITY : Number(to)];
    const inside = this.all.flatMap(({ layer }, index) => {
      const number = Number(layer?.label);
      return layer?.kind === kind && number >= low && number <= high ? [index] : [];
    });
    // "User Stories (Phase 3+)" does not mean the polishing after them.
    const stories = isOpen ? inside.filter((index) => this.isStory(index)) : [];
    return stories.length > 0 ? stories : inside;
  }

  #storiesOf(names: readonly string[]) {
    const groups = names.flatMap((name) => this.#byStory.get(name) ?? []);
    const tasks = names.flatMap((name) => (this.#byStory.has(name) ? [] : (this.#labelled.get(name) ?? [])));
    return { groups, tasks };
  }

  #everyStory() {
    this.#stories ??= [...this.#byStory.values()].flat();
    if (this.#stories.length > 0) return { groups: this.#stories, tasks: [] };
    return this.#storiesOf([...this.#labelled.keys()]);
  }

  #named(name: string): readonly number[] {
    const wanted = name.startsWith("foundation") ? "foundation" : name;
    const index = this.all.findIndex(({ layer }) => layer?.title.toLowerCase().startsWith(wanted));
    const anywhere = this.all.findIndex(({ layer }) => layer?.title.toLowerCase().includes(wanted));
    return index !== -1 ? [index] : anywhere !== -1 ? [anywhere] : [];
  }
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
