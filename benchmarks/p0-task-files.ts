/**
 * What every plan is read from (P0: none of the numbered goals): 10,000 tasks of a spec-kit and of a layered file, with
 * all edges and findings, beside a plain parser that splits lines and matches each with one expression (ids and ticks
 * only).
 */
import { readLayeredTasks } from "@orchard/task-files";
import { type Row, reportRatios } from "./report.ts";

const ROUNDS = 9;
const WARM_UP = 3;
const TASKS = 10_000;
const GOAL = "10,000 tasks in < 200 ms of CPU; the plain parser reads ids and ticks only";

const files = { "spec-kit": speckit(), layered: layered(), "layered, layers asked for": layered() };
const rows: Row[] = [];
for (const [name, text] of Object.entries(files)) {
  const source = new TextEncoder().encode(text);
  const inferred = name === "layered" ? undefined : { inferred: true };
  const cold = milliseconds(() => readLayeredTasks(source, inferred));
  checkSameAnswers(source);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const figures = [milliseconds(() => plainTasks(source)), milliseconds(() => readLayeredTasks(source, inferred))];
    if (round < 0) continue;
    theirs.push(figures[0]!);
    ours.push(figures[1]!);
  }
  rows.push({ what: `${name}: the first time`, ours: [cold], goal: { atMost: 200 } });
  rows.push({ what: `${name}: again`, ours, goal: { atMost: 200 } });
  rows.push({ what: `${name}: beside the plain parser`, ours, theirs });
}
reportRatios("p0-task-files", GOAL, rows);

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
