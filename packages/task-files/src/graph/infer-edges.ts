import type { Groups } from "../dependencies/groups.ts";
import type { Said } from "../dependencies/said.ts";
import { info, quoted } from "../findings.ts";
import type { Dialect, Finding, TaskEntry } from "../task-document.ts";
import { adjacencyOf, componentsOf } from "./components.ts";
import { type GroupOrder, orderGroups, type Reason } from "./group-order.ts";
import { walkInOrder } from "./walk-in-order.ts";
import { walkSideBySide } from "./walk-side-by-side.ts";
import { workOrder } from "./work-order.ts";

/** A task that others wait for, and why. */
export interface Wait extends Reason {
  readonly on: number;
}

/** What a walk through a group's tasks needs. */
export interface Walk {
  readonly tasks: readonly number[];
  /** What the group as a whole waits for. */
  readonly entry: readonly Wait[];
  readonly parallel: (task: number) => boolean;
  readonly position: (task: number) => TaskEntry["position"];
  /** Adds an inferred edge; `false` when it would contradict an explicit one and is left out. */
  readonly add: (task: number, wait: Wait) => boolean;
  readonly hasInside: (task: number, way: "dependency" | "dependent") => boolean;
}

/**
 * Adds the inferred edges to `said.edges`. Every one of them goes from a later to an earlier place of one order that
 * the explicit edges agree with; so no circle of tasks can contain an inferred edge.
 */
export function inferEdges(
  tasks: readonly TaskEntry[],
  groups: Groups,
  said: Said,
  dialect: Dialect,
): readonly Finding[] {
  const inOrder = dialect === "speckit" || dialect === "numbered";
  const order = orderGroups(groups, said, { usual: inOrder });
  const inference = new Inference(tasks, groups, said, order);
  for (const group of order.order) inference.walk(group, inOrder);
  inference.relateTasks();
  return [...order.findings, ...inference.findings];
}

class Inference {
  readonly findings: Finding[] = [];
  readonly #tasks: readonly TaskEntry[];
  readonly #said: Said;
  readonly #order: GroupOrder;
  readonly #members: readonly (readonly number[])[];
  readonly #place: Int32Array;
  readonly #exits: (readonly number[])[];
  /** Groups whose exits were made few. */
  readonly #narrowed = new Set<number>();
  readonly #dropped = new Set<number>();
  readonly #hasDependency = new Set<number>();
  readonly #hasDependent = new Set<number>();

  constructor(tasks: readonly TaskEntry[], groups: Groups, said: Said, order: GroupOrder) {
    this.#tasks = tasks;
    this.#said = said;
    this.#order = order;
    this.#members = groups.all.map((group) => workOrder(group.tasks, tasks));
    this.#exits = groups.all.map(() => []);
    const { task: dependents, dependsOn } = said.edges;
    const roots = order.order.flatMap((group) => this.#members[group]!);
    const rest = tasks.map((_, index) => index);
    this.#place = componentsOf(adjacencyOf(tasks.length, said.edges), [...roots, ...rest]).of;
    for (let e = 0; e < dependents.length; e++) {
      const task = dependents[e]!;
      const on = dependsOn[e]!;
      if (tasks[task]!.layer !== tasks[on]?.layer || task === on) continue;
      this.#hasDependency.add(task);
      this.#hasDependent.add(on);
    }
  }

  /** Groups before this one must have been walked. */
  walk(group: number, inOrder: boolean): void {
    const entry = this.#entryOf(group);
    const members = this.#members[group]!.filter((task) => !isLeftOut(this.#tasks[task]!));
    if (members.length === 0) {
      this.#exits[group] = entry.map(({ on }) => on);
      return;
    }
    const walk: Walk = {
      tasks: members,
      entry,
      parallel: (task) => this.#tasks[task]!.parallel,
      position: (task) => this.#tasks[task]!.position,
      add: (task, wait) => this.#add(task, wait),
      hasInside: (task, way) => (way === "dependency" ? this.#hasDependency : this.#hasDependent).has(task),
    };
    this.#exits[group] = inOrder ? walkInOrder(walk) : walkSideBySide(walk);
  }

  /** "T041 depends on US2": after all of the story. */
  relateTasks(): void {
    for (const { dependent, dependency, from, position } of this.#said.relations) {
      if (!("task" in dependent)) continue;
      const on = "task" in dependency ? [dependency.task] : this.#exitsOf(dependency.group);
      for (const one of on) this.#add(dependent.task, { on: one, from, position });
    }
  }

  #entryOf(group: number): readonly Wait[] {
    const waits = new Map<number, Wait>();
    for (const [before, reason] of this.#order.groups[group]!) {
      for (const on of this.#exitsOf(before)) if (!waits.has(on)) waits.set(on, { on, ...reason });
    }
    for (const [on, reason] of this.#order.tasks[group]!) if (!waits.has(on)) waits.set(on, { on, ...reason });
    return [...waits.values()];
  }

  /** Many that end a group side by side are brought together in the last of them, so that edges stay few. */
  #exitsOf(group: number): readonly number[] {
    if (!this.#narrowed.has(group)) this.#exits[group] = this.#few(this.#exits[group]!);
    this.#narrowed.add(group);
    return this.#exits[group]!;
  }

  #few(exits: readonly number[]): readonly number[] {
    const last = exits.at(-1);
    if (exits.length <= MOST_EXITS || last === undefined) return exits;
    const position = this.#tasks[last]!.position;
    const loose = exits.filter((on) => on !== last && !this.#add(last, { on, from: "order", position }));
    return [...loose, last];
  }

  #add(task: number, { on, from, position }: Wait): boolean {
    if (task === on) return true;
    if (this.#place[on]! >= this.#place[task]!) {
      this.#drop(task, on);
      return false;
    }
    this.#said.edges.add(task, on, { kind: "inferred", from, position });
    return true;
  }

  #drop(task: number, on: number): void {
    if (this.#said.edges.has(task, on) || this.#dropped.has(task)) return;
    this.#dropped.add(task);
    const { id, position } = this.#tasks[task]!;
    const message = `${quoted(id)} does not wait for ${quoted(this.#tasks[on]!.id)}, which its place would say: explicit dependencies say otherwise.`;
    this.findings.push(info("INFERRED_DROPPED", { message, position, task: id }));
  }
}

/** Nobody waits by inference for what will not be done. */
function isLeftOut({ flag, done }: TaskEntry): boolean {
  return !done && (flag === "removed" || flag === "skipped" || flag === "deferred");
}

const MOST_EXITS = 32;
