import type { Position } from "../task-document.ts";

/** Somewhere the file says something of two tasks. */
export interface TaskPair {
  readonly task: number;
  readonly other: number;
  readonly position: Position;
}

/** What lines of one kind say of pairs of tasks, in the order in which it is said; a pair may be said more than once. */
export class TaskPairs {
  readonly all: TaskPair[] = [];
  readonly #size: number;
  readonly #tasks = new Set<number>();
  #keys: ReadonlySet<number> | undefined;

  /** Of `size` tasks. */
  constructor(size: number) {
    this.#size = size;
  }

  /** There is such a line of `task`, though it may name nobody. */
  open(task: number): void {
    this.#tasks.add(task);
  }

  add(task: number, other: number, position: Position): void {
    this.all.push({ task, other, position });
  }

  /** Whether there is such a line of `task`. */
  speaksOf(task: number): boolean {
    return this.#tasks.has(task);
  }

  /** Asked when all is said. */
  has(task: number, other: number): boolean {
    this.#keys ??= new Set(this.all.map((pair) => this.keyOf(pair.task, pair.other)));
    return this.#keys.has(this.keyOf(task, other));
  }

  keyOf(task: number, other: number): number {
    return task * this.#size + other;
  }
}
