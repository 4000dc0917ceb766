/**
 * What every plan is read from (P0: none of the numbered goals): 10,000 tasks of each dialect that has ids, with
 * all edges and findings, in a new process and again, beside a plain parser that splits lines and matches each with one
 * expression (ids and ticks only).
 */
import { execFileSync } from "node:child_process";
import { readLayeredTasks } from "@orchard/task-files";
import { type Row, reportRatios } from "./report.ts";

const ROUNDS = 9;
const WARM_UP = 3;
const TASKS = 10_000;
const GOAL = "10,000 tasks in < 200 ms of CPU; the plain parser reads ids and ticks only";

const files = { "spec-kit": speckit, layered, "layered, layers asked for": layered, numbered };
const [only] = process.argv.slice(2);
if (only === undefined) report();
else console.log(timeOf(only, new TextEncoder().encode(files[only as keyof typeof files]())));

function report(): void {
  const rows: Row[] = [];
  for (const [name, write] of Object.entries(files)) {
    const source = new TextEncoder().encode(write());
    if (name !== "numbered") checkSameAnswers(source);
    const first: number[] = [];
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const figures = [milliseconds(() => plainTasks(source)), timeOf(name, source), inNewProcess(name)];
      if (round < 0) continue;
      theirs.push(figures[0]!);
      ours.push(figures[1]!);
      first.push(figures[2]!);
    }
    rows.push({ what: `${name}: the first time in a process`, ours: first, goal: { atMost: 200 } });
    rows.push({ what: `${name}: again`, ours, goal: { atMost: 200 } });
    rows.push({ what: `${name}: beside the plain parser`, ours, theirs });
  }
  reportRatios("p0-task-files", GOAL, rows);
}

function timeOf(name: string, source: Uint8Array): number {
  const options = name === "layered" ? undefined : { inferred: true };
  return milliseconds(() => readLayeredTasks(source, options));
}

function inNewProcess(name: string): number {
  return Number(execFileSync(process.execPath, ["--conditions=@orchard/source", import.meta.filename, name]));
}

function speckit(): string {
  const phases = Array.from({ length: 100 }, (_, phase) => {
    const tasks = Array.from({ length: TASKS / 100 }, (_, i) => {
      const id = idOf(phase * 100 + i);
      return `- [${i % 4 === 0 ? "x" : " "}] ${id} ${i % 3 === 0 ? "" : "[P] "}[US${phase}] Write part ${i} in src/part-${phase}/${i}.ts`;
    });
    return `\n## Phase ${phase + 1}: Part ${phase}\n\n${tasks.join("\n")}\n`;
  });
  return `# Tasks\n${phases.join("")}`;
}

function layered(): string {
  const layers = Array.from({ length: 100 }, (_, layer) => {
    const tasks = Array.from({ length: TASKS / 100 }, (_, i) => {
      const n = layer * 100 + i;
      const dependencies = n < 7 ? "None" : `${idOf(n - 3)}, ${idOf(n - 7)}`;
      const next = [n + 3, n + 7].filter((one) => one < TASKS && one >= 7).map(idOf);
      return `- [${i % 4 === 0 ? "x" : " "}] ${idOf(n)} @claude Write part ${i}\n      Dependencies: ${dependencies}\n      Blocks: ${next.join(", ") || "None"}`;
    });
    const before = layer === 0 ? "None" : `Layer ${layer} complete`;
    return `\n## Layer ${layer + 1}: Part ${layer}\n\n**Dependencies**: ${before}\n\n${tasks.join("\n")}\n`;
  });
  return `# Tasks\n${layers.join("")}`;
}

function numbered(): string {
  const parts = Array.from({ length: TASKS / 10 }, (_, part) => {
    const steps = Array.from({ length: 9 }, (__, i) => {
      return `  - [ ] ${part + 1}.${i + 1} Write part ${i} of ${part}\n    - in src/part-${part}/${i}.ts\n    - _Requirements: 1.${i}, 2.1_`;
    });
    return `- [${part % 3 === 0 ? "x" : " "}] ${part + 1}. Part ${part}\n\n${steps.join("\n")}\n`;
  });
  return `# Implementation Plan\n\n${parts.join("\n")}`;
}

function idOf(n: number): string {
  return `T${String(n + 1).padStart(5, "0")}`;
}

function plainTasks(source: Uint8Array): readonly { readonly id: string; readonly done: boolean }[] {
  const tasks: { readonly id: string; readonly done: boolean }[] = [];
  for (const line of new TextDecoder().decode(source).split("\n")) {
    const match = /^\s*- \[([ xX])\] (T\d{3,}) (?:\[(P)\] )?(?:\[(US\d+)\] )?(.+)$/.exec(line);
    if (match !== null) tasks.push({ id: match[2]!, done: match[1] !== " " });
  }
  return tasks;
}

function checkSameAnswers(source: Uint8Array): void {
  const ours = readLayeredTasks(source).tasks.map(({ id, done }) => ({ id, done }));
  if (ours.length !== TASKS || JSON.stringify(ours) !== JSON.stringify(plainTasks(source))) {
    throw new Error("The two sides do not give the same answer.");
  }
}

/** Of CPU, all threads together: on a busy machine the clock measures the others. */
function milliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  if (work() === undefined) throw new Error("Nothing was computed.");
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
