import { quoted, warning } from "../findings.ts";
import type { EdgeSet } from "../graph/edge-set.ts";
import type { MaskedLine } from "../source/mask-lines.ts";
import type { Edge, Finding, Position } from "../task-document.ts";
import type { IdIndex } from "../tasks/id-index.ts";
import type { IdRun } from "../tasks/task-id.ts";
import type { Groups } from "./groups.ts";
import { endOfId, labelOf, startOfIds } from "./labelled-lines.ts";
import type { Reference } from "./references.ts";
import type { Relation, Statement } from "./relations.ts";
import { IdResolver, type Side } from "./resolve-ids.ts";
import { TaskPairs } from "./task-pairs.ts";

/** Something said of a layer or story, from which edges between tasks are inferred. */
export interface GroupRelation {
  readonly dependent: { readonly group: number } | { readonly task: number };
  readonly dependency: { readonly group: number } | { readonly task: number };
  readonly from: Edge["from"];
  readonly position: Position;
}

/** What a dependency line of one task names, for the comparison with the other task's. */
export interface Claims {
  readonly depends: TaskPairs;
  readonly blocks: TaskPairs;
}

/** Gathers what the file says: explicit edges, and relations of groups. */
export class Said {
  readonly edges: EdgeSet;
  readonly relations: GroupRelation[] = [];
  /** Groups of which the file says what they wait for, were it nothing: the usual order is not for them. */
  readonly statedGroups = new Set<number>();
  readonly claims: Claims;
  readonly #index: IdIndex;
  readonly #resolver: IdResolver;
  readonly #groups: Groups;

  constructor(edges: EdgeSet, index: IdIndex, groups: Groups) {
    this.edges = edges;
    this.claims = { depends: new TaskPairs(edges.size), blocks: new TaskPairs(edges.size) };
    this.#index = index;
    this.#resolver = new IdResolver(index);
    this.#groups = groups;
  }

  /** A dependency that names no task: nobody waits for it, and somebody should know. */
  unread({ text, number, indent }: MaskedLine): void {
    const message = `${quoted(text.trim())} names no task, so nothing waits for it.`;
    this.#resolver.findings.push(
      warning("UNREAD_DEPENDENCY", { message, position: { line: number, column: indent + 1 } }),
    );
  }

  get findings(): readonly Finding[] {
    return this.#resolver.findings;
  }

  /** `tasks` wait for what a `Dependencies:` line names; what a `Blocks:` line names waits for them. */
  labelled(
    label: "dependencies" | "blocks",
    tasks: readonly number[],
    references: readonly Reference[],
    line: number,
  ): void {
    const claims = label === "dependencies" ? this.claims.depends : this.claims.blocks;
    // Here and below an index: for one task or id, as in most lines, an iterator costs more than what is done.
    for (let i = 0; i < tasks.length; i++) claims.open(tasks[i]!);
    for (let i = 0; i < references.length; i++) {
      if (this.#isFull(line)) return;
      const reference = references[i]!;
      if (reference.kind === "ids") this.#labelledIds(label, tasks, reference.run, line);
      else if (label === "dependencies") this.#relate(tasks, reference, line);
    }
  }

  /** {@link Said.labelled} of a usual line; of ids that are in the file nothing is made but their edges. */
  usual(tasks: readonly number[], line: MaskedLine): void {
    const { text, number } = line;
    const label = labelOf(line);
    const isAfter = label === "dependencies";
    const claims = isAfter ? this.claims.depends : this.claims.blocks;
    for (let i = 0; i < tasks.length; i++) claims.open(tasks[i]!);
    for (let at = startOfIds(text), end = 0; at < text.length; at = end + 2) {
      if (this.#isFull(number)) return;
      end = endOfId(text, at);
      const id = text.slice(at, end);
      const one = this.#index.find(id);
      if (one === undefined) {
        const run = { first: id, last: undefined, isOpen: false, others: NONE, start: at, end };
        this.#labelledIds(label, tasks, run, number);
        continue;
      }
      for (let i = 0; i < tasks.length; i++) {
        const task = tasks[i]!;
        claims.add(task, one, number, at + 1);
        const dependent = isAfter ? task : one;
        const dependency = isAfter ? one : task;
        if (this.edges.has(dependent, dependency)) continue;
        const position = { line: number, column: at + 1 };
        this.edges.add(dependent, dependency, { kind: "explicit", from: label, position });
      }
    }
  }

  #labelledIds(label: "dependencies" | "blocks", tasks: readonly number[], run: IdRun, line: number): void {
    const isAfter = label === "dependencies";
    const found = this.#resolver.resolve(run, line, isAfter ? "dependency" : "dependent");
    const { known, position } = found;
    const claims = isAfter ? this.claims.depends : this.claims.blocks;
    for (let i = 0; i < tasks.length; i++) {
      for (let j = 0; j < known.length; j++) claims.add(tasks[i]!, known[j]!, position.line, position.column);
    }
    if (isAfter) this.#explicit(tasks, this.#withUnknown(found), label, position);
    else this.#explicit(known, tasks, label, position);
  }

  inline(tasks: readonly number[], way: "after" | "before", run: IdRun, line: number): void {
    const found = this.#resolver.resolve(run, line, way === "after" ? "dependency" : "dependent");
    if (way === "after") this.#explicit(tasks, this.#withUnknown(found), "inline", found.position);
    else this.#explicit(found.known, tasks, "inline", found.position);
  }

  /** `group` waits for what a line of the layer itself names, or the other way round. */
  ofLayer(group: number, label: "dependencies" | "blocks", references: readonly Reference[], line: number): void {
    const position = { line, column: (references[0] === undefined ? 0 : columnOf(references[0])) + 1 };
    if (label === "dependencies") this.statedGroups.add(group);
    const others = this.#ends(references, line, label === "dependencies" ? "dependency" : "dependent", [group]);
    for (const other of [...others.groups.map((one) => ({ group: one })), ...others.tasks.map((task) => ({ task }))]) {
      const [dependent, dependency] = label === "dependencies" ? [{ group }, other] : [other, { group }];
      this.#add({ dependent, dependency, from: this.#fromOf([group]), position });
    }
  }

  statement({ relations, chains, subject, saysNone }: Statement, line: number): void {
    if (this.#isFull(line)) return;
    for (const relation of relations) this.relation(relation, line);
    for (const chain of chains) this.#chain(chain, line);
    if (saysNone) for (const group of this.#ends(subject, line, "dependent", []).groups) this.statedGroups.add(group);
  }

  /** Ids on both sides make explicit edges; anything else is for inferring. */
  relation({ dependents, dependencies }: Relation, line: number): void {
    const first = dependencies[0] ?? dependents[0];
    const position = { line, column: (first === undefined ? 0 : columnOf(first)) + 1 };
    const before = this.#ends(dependents, line, "dependent", []);
    const after = this.#ends(dependencies, line, "dependency", before.groups);
    const isExplicit = [before, after].every(({ groups, hasStoryTasks }) => groups.length === 0 && !hasStoryTasks);
    if (isExplicit) this.#explicit(before.tasks, [...after.tasks, ...after.unknown], "prose", position);
    else this.#relateEnds(before, after, position);
  }

  #relateEnds(before: Ends, after: Ends, position: Position): void {
    for (const group of before.groups) this.statedGroups.add(group);
    const from = this.#fromOf([...before.groups, ...after.groups]);
    for (const dependent of endsOf(before)) {
      if (this.#isFull(position.line)) return;
      for (const dependency of endsOf(after)) this.#add({ dependent, dependency, from, position });
    }
  }

  #relate(dependents: readonly number[], reference: Reference, line: number): void {
    const position = { line, column: columnOf(reference) + 1 };
    const { groups, tasks } = this.#groups.find(reference, []);
    const from = groups.length === 0 ? "story" : this.#fromOf(groups);
    for (const dependent of dependents.map((task) => ({ task }))) {
      for (const group of groups) this.#add({ dependent, dependency: { group }, from, position });
      for (const task of tasks) this.#add({ dependent, dependency: { task }, from, position });
    }
  }

  #chain(references: readonly Reference[], line: number): void {
    const tasks = this.#ends(references, line, "dependent", []);
    if (tasks.groups.length > 0 || references[0] === undefined) return;
    const position = { line, column: columnOf(references[0]) + 1 };
    tasks.tasks.forEach((task, i) => {
      if (i > 0) this.#explicit([task], [tasks.tasks[i - 1]!], "prose", position);
    });
  }

  #ends(references: readonly Reference[], line: number, side: Side, about: readonly number[]): Ends {
    const groups = new Set<number>();
    const ids = new Set<number>();
    const ofStories = new Set<number>();
    const unknown: number[] = [];
    for (const reference of references) {
      if (reference.kind === "ids") {
        const found = this.#resolver.resolve(reference.run, line, side);
        for (const task of found.known) ids.add(task);
        if (side === "dependency") unknown.push(...found.unknown.map((id) => this.edges.unknown(id)));
        continue;
      }
      const found = this.#groups.find(reference, about);
      for (const group of found.groups) groups.add(group);
      for (const task of found.tasks) ofStories.add(task);
    }
    // "US1 tasks T007-T014": the ids say more exactly what the group said.
    if (ids.size > 0) return { groups: [], tasks: [...ids], unknown, hasStoryTasks: false };
    return { groups: [...groups], tasks: [...ofStories], unknown, hasStoryTasks: ofStories.size > 0 };
  }

  #withUnknown({
    known,
    unknown,
  }: {
    readonly known: readonly number[];
    readonly unknown: readonly string[];
  }): readonly number[] {
    return unknown.length === 0 ? known : [...known, ...unknown.map((id) => this.edges.unknown(id))];
  }

  #explicit(tasks: readonly number[], dependencies: readonly number[], from: Edge["from"], position: Position): void {
    const why = { kind: "explicit" as const, from, position };
    for (let i = 0; i < tasks.length; i++) {
      for (let j = 0; j < dependencies.length; j++) {
        if (!this.edges.add(tasks[i]!, dependencies[j]!, why)) return;
      }
    }
  }

  #fromOf(groups: readonly number[]): Edge["from"] {
    if (groups.some((group) => this.#groups.all[group]?.layer?.kind === "layer")) return "layer";
    return groups.length > 0 && groups.every((group) => this.#groups.isStory(group)) ? "story" : "phase";
  }

  #add(relation: GroupRelation): void {
    if (!this.#isFull(relation.position.line)) this.relations.push(relation);
  }

  #isFull(line: number): boolean {
    if (this.relations.length < MOST_RELATIONS && !this.edges.isFull) return false;
    return this.edges.overflow({ line, column: 1 });
  }
}

interface Ends {
  readonly groups: readonly number[];
  readonly tasks: readonly number[];
  readonly unknown: readonly number[];
  readonly hasStoryTasks: boolean;
}

function endsOf({ groups, tasks }: Ends) {
  return [...groups.map((group) => ({ group })), ...tasks.map((task) => ({ task }))];
}

function columnOf(reference: Reference): number {
  return reference.kind === "ids" ? reference.run.start : reference.at;
}

const NONE: readonly string[] = [];
const MOST_RELATIONS = 200_000;
