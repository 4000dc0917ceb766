import { error, info, quoted, warning } from "../findings.ts";
import type { Finding } from "../task-document.ts";
import type { Candidate } from "./candidate.ts";
import { type IdRun, idsBetween, partsOf } from "./task-id.ts";

/** The most tasks that one line may stand for, and all lines with ranges together. */
const MOST_OF_ONE_LINE = 200;
const MOST_OF_ALL_LINES = 50_000;

/** Turns the ids of task lines into single ones: `T057-T065` are nine. */
export class IdExpansion {
  readonly findings: Finding[] = [];
  #left = MOST_OF_ALL_LINES;

  /** In the order of the line, without repeats. */
  idsOf({ prefix, line }: Candidate): readonly string[] {
    const only = prefix.runs[0];
    if (only !== undefined && prefix.runs.length === 1 && isSingle(only)) return [only.first];
    const ids = new Set<string>();
    for (const run of prefix.runs) {
      const found = this.#ids(run, line.number);
      if (ids.size + found.length > MOST_OF_ONE_LINE || found.length > this.#left) {
        this.#tooLarge(run, line.number);
        ids.add(run.first);
        break;
      }
      for (const id of found) ids.add(id);
      if (found.length > 1) this.#left -= found.length;
    }
    return [...ids];
  }

  #ids(run: IdRun, line: number): readonly string[] {
    const position = { line, column: run.start + 1 };
    if (run.isOpen) {
      const message = `${quoted(run.first)}+ has no end: the line is read as the one task ${quoted(run.first)}.`;
      this.findings.push(info("OPEN_RANGE", { message, position, task: run.first }));
    }
    const [first, last] = [partsOf(run.first), run.last === undefined ? undefined : partsOf(run.last)];
    if (first === undefined || last === undefined) return [run.first, ...run.others];
    if (Math.abs(last.number - first.number) >= MOST_OF_ONE_LINE)
      return new Array(MOST_OF_ONE_LINE + 1).fill(run.first);
    if (last.number < first.number) {
      const message = `The range ${quoted(run.first)} to ${quoted(run.last ?? "")} runs backwards; it is read forwards.`;
      this.findings.push(warning("RANGE_REVERSED", { message, position }));
    }
    return idsBetween(first, last);
  }

  #tooLarge(run: IdRun, line: number): void {
    const message = `The line stands for too many tasks (at most ${MOST_OF_ONE_LINE}); from ${quoted(run.first)} on only the first is read.`;
    this.findings.push(
      error("RANGE_TOO_LARGE", { message, position: { line, column: run.start + 1 }, task: run.first }),
    );
  }
}

function isSingle({ last, others, isOpen }: IdRun): boolean {
  return last === undefined && others.length === 0 && !isOpen;
}
