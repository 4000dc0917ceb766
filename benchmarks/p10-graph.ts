/**
 * P10: ready set and critical path of 100,000 tasks, against plain objects and maps as one writes them by hand;
 * 1,000,000 tasks in one go.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  buildGraph,
  type CriticalPath,
  criticalPath,
  type NodeState,
  observe,
  readySet,
  type WorkNode,
} from "@orchard/scheduler";
import { type Row, reportRatios } from "./report.ts";

const ROUNDS = 9;
const WARM_UP = 2;
const TASKS = 100_000;
const GOAL = "100,000 tasks ≥ 20 × for the questions, ≥ 4 × with building; 1,000,000 in < 3 s";

setFlagsFromString("--expose-gc");
/** Before each measurement, so that nobody pays for the other side's garbage. */
const collectGarbage = runInNewContext("gc") as () => void;

interface Task extends WorkNode {
  readonly status: NodeState;
}

const tasks = plan(TASKS);
const shuffled = shuffle(tasks);
const graph = buildGraph(tasks);
const now = observe(graph, (_, index) => tasks[index]!.status);
checkSameAnswers(tasks);
checkSameAnswers(shuffled);

const theirs: number[] = [];
const questions: number[] = [];
const withObserving: number[] = [];
const withBuilding: number[] = [];
const shuffledTheirs: number[] = [];
const shuffledOurs: number[] = [];
for (let round = -WARM_UP; round < ROUNDS; round++) {
  const figures = [
    milliseconds(() => [plainReadySet(tasks), plainCriticalPath(tasks)]),
    milliseconds(() => [readySet(graph, now), criticalPath(graph, now)]),
    milliseconds(() => {
      const fresh = observe(graph, (_, index) => tasks[index]!.status);
      return [readySet(graph, fresh), criticalPath(graph, fresh)];
    }),
    milliseconds(() => everything(tasks)),
    milliseconds(() => [plainReadySet(shuffled), plainCriticalPath(shuffled)]),
    milliseconds(() => everything(shuffled)),
  ];
  if (round < 0) continue;
  const lists = [theirs, questions, withObserving, withBuilding, shuffledTheirs, shuffledOurs];
  for (const [side, list] of lists.entries()) list.push(figures[side]!);
}
const million: number[] = [];
const large = plan(1_000_000);
for (let round = 0; round < 3; round++) million.push(milliseconds(() => everything(large)));

const rows: Row[] = [
  { what: "ready set + critical path", ours: questions, theirs, goal: { atLeast: 20 } },
  { what: "… + asking every state", ours: withObserving, theirs },
  { what: "… + building the graph", ours: withBuilding, theirs, goal: { atLeast: 4 } },
  { what: "… + a plan in no order", ours: shuffledOurs, theirs: shuffledTheirs },
  { what: "all of it, 1,000,000 tasks", ours: million, goal: { atMost: 3_000 } },
];
reportRatios("p10-graph", GOAL, rows);

function everything(nodes: readonly Task[]): [readonly string[], CriticalPath] {
  const built = buildGraph(nodes);
  const states = observe(built, (_, index) => nodes[index]!.status);
  return [readySet(built, states), criticalPath(built, states)];
}

/** Up to four dependencies on earlier tasks, near and far; the first half mostly done. The same on every run. */
function plan(size: number): Task[] {
  const random = generator(42);
  return Array.from({ length: size }, (_, i) => ({
    id: `T${String(i).padStart(7, "0")}`,
    dependsOn: Array.from({ length: i === 0 ? 0 : Math.floor(random() * 5) }, () => {
      const back = random() < 0.7 ? 1 + Math.floor(random() * 50) : 1 + Math.floor(random() * i);
      return `T${String(Math.max(0, i - back)).padStart(7, "0")}`;
    }),
    priority: Math.floor(random() * 3),
    parallel: true,
    weight: 1 + Math.floor(random() * 8),
    status: i < size / 2 && random() < 0.98 ? "done" : "waiting",
  }));
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function plainReadySet(all: readonly Task[]): string[] {
  const byId = new Map(all.map((task) => [task.id, task]));
  return all
    .filter((task) => task.status === "waiting" && task.dependsOn.every((id) => byId.get(id)?.status === "done"))
    .map((task) => task.id);
}

function plainCriticalPath(all: readonly Task[]): { path: string[]; length: number } {
  const open = all.filter((task) => task.status !== "done");
  const byId = new Map(open.map((task) => [task.id, task]));
  const dependents = new Map<string, string[]>(open.map((task) => [task.id, []]));
  const missing = new Map<string, number>();
  for (const task of open) {
    const dependencies = [...new Set(task.dependsOn)].filter((id) => byId.has(id));
    missing.set(task.id, dependencies.length);
    for (const id of dependencies) dependents.get(id)?.push(task.id);
  }
  const order = open.filter((task) => missing.get(task.id) === 0).map((task) => task.id);
  for (const id of order) {
    for (const dependent of dependents.get(id) ?? []) {
      const left = (missing.get(dependent) ?? 0) - 1;
      missing.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  const length = new Map<string, number>();
  const next = new Map<string, string>();
  for (const id of order.toReversed()) {
    let longest = 0;
    for (const dependent of dependents.get(id) ?? []) {
      if ((length.get(dependent) ?? 0) <= longest) continue;
      longest = length.get(dependent) ?? 0;
      next.set(id, dependent);
    }
    length.set(id, longest + (byId.get(id)?.weight ?? 0));
  }
  let first: string | undefined;
  for (const { id } of open) if (first === undefined || (length.get(id) ?? 0) > (length.get(first) ?? 0)) first = id;
  const path: string[] = [];
  for (let id = first; id !== undefined; id = next.get(id)) path.push(id);
  return { path, length: first === undefined ? 0 : (length.get(first) ?? 0) };
}

/** Of several longest chains the two sides may name different ones in a shuffled plan: there the length decides. */
function checkSameAnswers(all: readonly Task[]): void {
  const [ready, critical] = everything(all);
  const plain = plainCriticalPath(all);
  const samePath = all === shuffled || JSON.stringify(critical.path) === JSON.stringify(plain.path);
  if (JSON.stringify(ready) !== JSON.stringify(plainReadySet(all)) || critical.length !== plain.length || !samePath) {
    throw new Error("The two sides do not give the same answer.");
  }
}

function shuffle<T>(items: readonly T[]): T[] {
  const random = generator(7);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function milliseconds(work: () => unknown): number {
  collectGarbage();
  const start = performance.now();
  const result = work();
  const elapsed = performance.now() - start;
  if (result === undefined) throw new Error("Nothing was computed.");
  return elapsed;
}
