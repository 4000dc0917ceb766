/**
 * `npm run bench [name…]`: runs every `benchmarks/p*.ts`, or those whose name begins with one of the given ones
 * (`p10`, `p10-graph`), one after the other, each in a Node process of its own, then prints one table of all. Ends
 * with 1 when a benchmark failed to run (its two sides disagreed, say); a missed goal is shown, not a failure.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cells, HEADINGS, type JudgedRow, table } from "./report.ts";

const folder = import.meta.dirname;
const wanted = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((file) => /^p\d+.*\.ts$/.test(file))
  .map((file) => file.slice(0, -".ts".length))
  .sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
const missing = wanted.filter((part) => !names.some((name) => isCalled(name, part)));
if (missing.length > 0) {
  console.error(`No benchmark is called ${missing.join(", ")}. There are: ${names.join(", ")}.`);
  process.exit(2);
}

const summary: string[][] = [];
const failed: string[] = [];
for (const name of names.filter((one) => wanted.length === 0 || wanted.some((part) => isCalled(one, part)))) {
  rmSync(join(folder, "results", `${name}.json`), { force: true });
  const { status } = spawnSync(process.execPath, ["--conditions=@orchard/source", join(folder, `${name}.ts`)], {
    stdio: "inherit",
  });
  if (status !== 0) failed.push(name);
  else summary.push(...rowsOf(name).map((row) => [name, ...cells(row)]));
}
if (summary.length > 0) console.log(`\n${table([["benchmark", ...HEADINGS], ...summary])}`);
if (failed.length > 0) console.error(`\nDid not run to the end: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

function isCalled(name: string, part: string): boolean {
  return name === part || name.startsWith(`${part}-`);
}

function numberOf(name: string): number {
  return Number(/^p(\d+)/.exec(name)?.[1]);
}

function rowsOf(name: string): readonly JudgedRow[] {
  const report = JSON.parse(readFileSync(join(folder, "results", `${name}.json`), "utf8")) as { rows: JudgedRow[] };
  return report.rows;
}
