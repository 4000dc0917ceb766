import { error } from "../findings.ts";
import type { Edge, Finding, Position, TaskEntry } from "../task-document.ts";

/** Who depends on whom by index, edge by edge; one past the last task is an id that the file does not have. */
export interface Pairs {
  readonly task: readonly number[];
  readonly dependsOn: readonly number[];
}

/**
 * Edges without repeats, the first of a pair stays. There is room for a number of them that is linear in the number of
 * tasks: a few lines such as "T0001-T9999 before T10000-T19999" could ask for a hundred million.
 */
export class EdgeSet implements Pairs {
  readonly edges: Edge[] = [];
  readonly task: number[] = [];
  readonly dependsOn: number[] = [];
  readonly findings: Finding[] = [];
  readonly size: number;
  readonly ids: readonly string[];
  readonly #named: string[];
  readonly #unknown = new Map<string, number>();
  readonly #pairs = new Set<number>();
  readonly #room: number;

  constructor(tasks: readonly TaskEntry[]) {
    this.ids = tasks.map(({ id }) => id);
    this.#named = [...this.ids];
    this.size = tasks.length;
    this.#room = LEAST_ROOM + ROOM_A_TASK * tasks.length;
  }

  /** The index that stands for an id of no task. */
  unknown(id: string): number {
    const known = this.#unknown.get(id);
    if (known !== undefined) return known;
    this.#unknown.set(id, this.#named.length);
    return this.#named.push(id) - 1;
  }

  get isFull(): boolean {
    return this.edges.length >= this.#room;
  }

  /** Says once that there is no room for more. */
  overflow(position: Position): true {
    if (this.findings.length === 0) {
      const message = `More than ${this.#room} dependencies: those from this line on are not read. Let one task stand between large groups.`;
      this.findings.push(error("TOO_MANY_EDGES", { message, position }));
    }
    return true;
  }

  /** Whether the pair is in the set now. */
  add(task: number, dependsOn: number, { kind, from, position }: Omit<Edge, "task" | "dependsOn">): boolean {
    const pair = this.#pair(task, dependsOn);
    if (this.#pairs.has(pair)) return true;
    if (this.isFull) return !this.overflow(position);
    this.#pairs.add(pair);
    this.task.push(task);
    this.dependsOn.push(dependsOn);
    this.edges.push({ task: this.#named[task]!, dependsOn: this.#named[dependsOn]!, kind, from, position });
    return true;
  }

  has(task: number, dependsOn: number): boolean {
    return this.#pairs.has(this.#pair(task, dependsOn));
  }

  /** Small numbers for all that is in the file (quick to look up), negative ones for the others. */
  #pair(task: number, dependsOn: number): number {
    const past = dependsOn - this.size;
    return past < 0 ? task * this.size + dependsOn : -1 - (task + past * this.size);
  }
}

const LEAST_ROOM = 10_000;
const ROOM_A_TASK = 40;
