import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** Both sides of one comparison, one figure a round; round `i` of `ours` ran beside round `i` of `theirs`. */
export interface Row {
  readonly what: string;
  readonly ours: readonly number[];
  /** What we compare with; left out, `ours` is judged by itself. */
  readonly theirs?: readonly number[];
  /** "ms" unless told. */
  readonly unit?: string;
  /** Durations: lower (the default). Rates: higher. */
  readonly better?: "lower" | "higher";
  /**
   * `atLeast: 20` = 20 times as good as theirs; `atMost: 0.65` = costs at most 0.65 of theirs. Without `theirs` the
   * bounds are in the row's own unit.
   */
  readonly goal?: { readonly atLeast?: number; readonly atMost?: number };
}

export interface JudgedRow {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number | undefined;
  /** Median over the rounds of the paired ratio, in the goal's direction. */
  readonly ratio: number | undefined;
  readonly goal: string;
  readonly met: boolean | undefined;
}

/** Prints the table of `rows` and writes it to `benchmarks/results/<name>.json`. */
export function reportRatios(name: string, goal: string, rows: readonly Row[]): readonly JudgedRow[] {
  const judged = rows.map(judge);
  console.log(`\n${name}: ${goal}\n`);
  console.log(table([HEADINGS, ...judged.map(cells)]));
  const folder = join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  const machine = { node: process.version, cores: availableParallelism(), platform: process.platform };
  const report = { name, goal, at: new Date().toISOString(), machine, rows: judged, rounds: rows };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  return judged;
}

export const HEADINGS = ["what", "ours", "theirs", "ratio", "goal", ""];

export function cells(row: JudgedRow): string[] {
  const withUnit = (value: number | undefined) => (value === undefined ? "" : `${figure(value)} ${row.unit}`);
  const ratio = row.ratio === undefined ? "" : `${figure(row.ratio)} ×`;
  const verdict = row.met === undefined ? "" : row.met ? "met" : "MISSED";
  return [row.what, withUnit(row.ours), withUnit(row.theirs), ratio, row.goal, verdict];
}

export function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const text = (line: readonly string[]) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return lines.map(text).join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Medians and the paired ratio of one row, and whether it meets its goal. */
export function judge(row: Row): JudgedRow {
  const { what, ours, theirs, unit = "ms", goal = {} } = row;
  const ratio = theirs === undefined ? undefined : median(ours.map((value, i) => pairedRatio(row, value, theirs[i])));
  const judgedBy = ratio ?? median(ours);
  const bounds = [
    ...(goal.atLeast === undefined ? [] : [{ text: `≥ ${goal.atLeast}`, met: judgedBy >= goal.atLeast }]),
    ...(goal.atMost === undefined ? [] : [{ text: `≤ ${goal.atMost}`, met: judgedBy <= goal.atMost }]),
  ];
  return {
    what,
    unit,
    ours: median(ours),
    theirs: theirs === undefined ? undefined : median(theirs),
    ratio,
    goal: bounds.map(({ text }) => `${text} ${ratio === undefined ? unit : "×"}`).join(", "),
    met: bounds.length === 0 ? undefined : bounds.every(({ met }) => met),
  };
}

/** A gain where the goal asks for at least so many times as good, else a share of their cost. */
function pairedRatio({ goal, better = "lower" }: Row, ours: number, theirs: number | undefined): number {
  if (theirs === undefined) throw new Error("Both sides of a comparison need the same number of rounds.");
  const gain = better === "lower" ? theirs / ours : ours / theirs;
  return goal?.atMost === undefined ? gain : 1 / gain;
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
