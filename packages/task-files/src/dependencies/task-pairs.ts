import type { Position } from "../task-document.ts";

/** Somewhere the file says something of two tasks. */
export interface TaskPair {
  readonly task: number;
  readonly other: number;
  readonly position: Position;
}

/** What lines of one kind say of pairs of tasks; a pair may be said more than once. */
export class TaskPairs {
  readonly #size: number;
  readonly #speaksOf: Uint8Array;
  /** Both tasks of a pair in one number, and where it was said. */
  readonly #said: number[] = [];
  readonly #lines: number[] = [];
  readonly #columns: number[] = [];
  #keys: ReadonlySet<number> | undefined;

  /** Of `size` tasks. */
  constructor(size: number) {
    this.#size = size;
    this.#speaksOf = new Uint8Array(size);
  }

  /** There is such a line of `task`, though it may name nobody. */
  open(task: number): void {
    this.#speaksOf[task] = 1;
  }

  add(task: number, other: number, line: number, column: number): void {
    this.#said.push(task * this.#size + other);
    this.#lines.push(line);
    this.#columns.push(column);
  }

  /**
   * What was said of tasks that have lines of the `others`, which do not say it the other way round: each pair once, task
   * by task, with the place where it was said last. Asked when all is said.
   */
  notReturnedBy(others: TaskPairs): readonly TaskPair[] {
    const last = new Map<number, TaskPair>();
    for (let i = 0; i < this.#said.length; i++) {
      const key = this.#said[i]!;
      const other = key % this.#size;
      const task = (key - other) / this.#size;
      if (others.#speaksOf[other] === 0 || others.#has(other, task)) continue;
      last.set(key, { task, other, position: { line: this.#lines[i]!, column: this.#columns[i]! } });
    }
    return [...last.values()].sort((a, b) => a.task - b.task);
  }

  #has(task: number, other: number): boolean {
    this.#keys ??= new Set(this.#said);
    return this.#keys.has(task * this.#size + other);
  }
}
