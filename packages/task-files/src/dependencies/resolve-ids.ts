import { error, info, quoted, warning } from "../findings.ts";
import type { Finding, Position } from "../task-document.ts";
import type { IdIndex } from "../tasks/id-index.ts";
import type { IdRun } from "../tasks/task-id.ts";

export interface ResolvedIds {
  readonly known: readonly number[];
  readonly unknown: readonly string[];
  readonly position: Position;
}

/** Where a run stands: its ids are depended on, or depend. */
export type Side = "dependency" | "dependent";

/** Turns ids as people write them into tasks of the file, and says where that took a guess or failed. */
export class IdResolver {
  readonly findings: Finding[] = [];
  readonly #index: IdIndex;

  constructor(index: IdIndex) {
    this.#index = index;
  }

  resolve(run: IdRun, line: number, side: Side): ResolvedIds {
    const position = { line, column: run.start + 1 };
    if (run.isOpen) return this.#openRange(run, position, side);
    if (run.last !== undefined) return this.#range(run, run.last, position, side);
    const only = run.others.length === 0 ? this.#index.find(run.first) : undefined;
    if (only !== undefined) return { known: [only], unknown: NONE, position };
    const known: number[] = [];
    const unknown: string[] = [];
    for (const id of [run.first, ...run.others]) {
      const index = this.#find(id, position);
      if (index === undefined) unknown.push(id);
      else known.push(index);
    }
    for (const id of unknown) this.#unknown(id, position, side);
    return { known, unknown, position };
  }

  #find(id: string, position: Position): number | undefined {
    const exact = this.#index.find(id);
    if (exact !== undefined) return exact;
    const guessed = this.#index.guess(id);
    if (guessed === undefined) return undefined;
    const message = `${quoted(id)} is not in the file; the task that differs from it by zeros, case or a dash only is meant, it seems.`;
    this.findings.push(warning("ID_GUESSED", { message, position, task: id }));
    return guessed;
  }

  #openRange(run: IdRun, position: Position, side: Side): ResolvedIds {
    const known = this.#index.between(run.first, undefined);
    const message = `${quoted(run.first)}+ has no end; it is read up to the last such id of the file.`;
    this.findings.push(info("OPEN_RANGE", { message, position, task: run.first }));
    if (known.length === 0) this.#unknown(run.first, position, side);
    return { known, unknown: known.length === 0 ? [run.first] : [], position };
  }

  #range(run: IdRun, last: string, position: Position, side: Side): ResolvedIds {
    const known = this.#index.between(run.first, last);
    if (known.length === 0) {
      this.#unknown(run.first, position, side);
      return { known, unknown: [run.first], position };
    }
    for (const end of new Set([run.first, last])) {
      if (this.#index.find(end) === undefined && this.#index.guess(end) === undefined) this.#missingEnd(end, position);
    }
    return { known, unknown: [], position };
  }

  #missingEnd(id: string, position: Position): void {
    const message = `The range ends with ${quoted(id)}, which is not in the file; those of its tasks that are count.`;
    this.findings.push(warning("UNKNOWN_TASK", { message, position, task: id }));
  }

  #unknown(id: string, position: Position, side: Side): void {
    const found = side === "dependency" ? error : warning;
    const then = side === "dependency" ? "what depends on it cannot start" : "nothing waits because of it";
    const message = `${quoted(id)} is not in the file: ${then}.`;
    this.findings.push(found("UNKNOWN_TASK", { message, position, task: id }));
  }
}

const NONE: readonly string[] = [];
