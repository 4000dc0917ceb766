/**
 * P9: how long a spec's tasks take with 4 and with 16 agents that ask for the next task, by the rule of `orbit-agent next`,
 * beside the bound that no schedule can beat and beside strict layers. Durations are simulated (seeded, log-normal: most
 * tasks short, a few long). Real specs are read from the folder that `ORCHARD_CORPUS` names; without it from generated ones.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildGraph, criticalPath, type Graph, remainingLength, type StateOf } from "@orchard/scheduler";
import { readLayeredTasks } from "@orchard/task-files";
import { reportRatios } from "./report.ts";

interface Work {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly layer: number;
  readonly duration: number;
}

const ROUNDS = 5;
const specs = fromCorpus() ?? generated();

const rows = [4, 16].flatMap((agents) => {
  const bound: number[] = [];
  const ours: number[] = [];
  const layered: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const runs = specs.map((spec, index) => withDurations(spec, round * 1_000 + index));
    const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0) / values.length;
    // Each spec weighs the same, however long it is.
    bound.push(1);
    ours.push(sum(runs.map((spec) => makespan(spec, agents) / lowerBound(spec, agents))));
    layered.push(sum(runs.map((spec) => makespan(byLayers(spec), agents) / lowerBound(spec, agents))));
  }
  return [
    {
      what: `${agents} agents, against max(critical path, work / agents)`,
      ours,
      theirs: bound,
      unit: "×",
      goal: { atMost: 1.05 },
    },
    { what: `${agents} agents, against hard layers`, ours, theirs: layered, unit: "×", goal: { atMost: 0.75 } },
  ];
});

reportRatios("p9-makespan", `makespan of ${specs.length} specs, simulated durations`, rows);

/** Every agent takes, when it is free, the available task with the longest chain of work behind it. */
function makespan(tasks: readonly Work[], agents: number): number {
  const graph = graphOf(tasks);
  const state = new Map<string, "waiting" | "running" | "done">(tasks.map(({ id }) => [id, "waiting"]));
  const stateOf: StateOf = (id) => state.get(id) ?? "held";
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const lengths = remainingLength(graph, stateOf);
  const order = tasks.map(({ id }) => id).sort((a, b) => (lengths.get(b) ?? 0) - (lengths.get(a) ?? 0));
  const running: { readonly id: string; readonly until: number }[] = [];
  let now = 0;
  for (;;) {
    for (const id of order) {
      if (running.length === agents) break;
      const isReady = state.get(id) === "waiting" && byId.get(id)?.dependsOn.every((on) => state.get(on) === "done");
      if (!isReady) continue;
      state.set(id, "running");
      running.push({ id, until: now + (byId.get(id)?.duration ?? 0) });
    }
    running.sort((a, b) => b.until - a.until);
    const next = running.pop();
    if (next === undefined) break;
    now = next.until;
    state.set(next.id, "done");
  }
  if ([...state.values()].some((one) => one !== "done")) throw new Error("a schedule left tasks undone");
  return now;
}

function lowerBound(tasks: readonly Work[], agents: number): number {
  const work = tasks.reduce((sum, { duration }) => sum + duration, 0);
  return Math.max(criticalPath(graphOf(tasks, true)).length, work / agents);
}

/** As far as `next` knows: every task weighs the same; the bound knows the durations. */
function graphOf(tasks: readonly Work[], weighed = false): Graph {
  return buildGraph(
    tasks.map(({ id, dependsOn, duration }) => ({
      id,
      dependsOn,
      priority: 0,
      parallel: true,
      weight: weighed ? duration : 1,
    })),
  );
}

/** The same tasks, each waiting for every task of the layer before. */
function byLayers(tasks: readonly Work[]): readonly Work[] {
  const numbers = [...new Set(tasks.map(({ layer }) => layer))].sort((a, b) => a - b);
  const before = new Map(
    numbers.map((number, index) => [number, tasks.filter(({ layer }) => layer === numbers[index - 1])]),
  );
  return tasks.map((task) => ({
    ...task,
    dependsOn: [...new Set([...task.dependsOn, ...(before.get(task.layer) ?? []).map(({ id }) => id)])],
  }));
}

function withDurations(tasks: readonly Omit<Work, "duration">[], seed: number): readonly Work[] {
  const random = generator(seed);
  return tasks.map((task) => {
    const normal = Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
    return { ...task, duration: Math.exp(0.6 * normal) * 10 };
  });
}

function fromCorpus(): readonly (readonly Omit<Work, "duration">[])[] | undefined {
  const folder = process.env["ORCHARD_CORPUS"];
  if (folder === undefined) return undefined;
  const files = readdirSync(join(folder, "speckit")).filter((name) => name.endsWith(".md"));
  const read = files.map((name) => {
    const { tasks, edges } = readLayeredTasks(readFileSync(join(folder, "speckit", name)), { inferred: false });
    const known = new Set(tasks.map(({ id }) => id));
    const on = Map.groupBy(
      edges.filter(({ dependsOn }) => known.has(dependsOn)),
      ({ task }) => task,
    );
    return tasks.map(({ id, layer }) => ({
      id,
      layer: layer ?? 0,
      dependsOn: (on.get(id) ?? []).map(({ dependsOn }) => dependsOn),
    }));
  });
  return read.filter((tasks) => tasks.length >= 20 && saysWhatWaits(tasks) && isAcyclic(tasks));
}

/** A file that writes no dependency down says nothing about the order in which its tasks could be done. */
function saysWhatWaits(tasks: readonly Omit<Work, "duration">[]): boolean {
  return tasks.filter(({ dependsOn }) => dependsOn.length > 0).length * 4 >= tasks.length;
}

/** Also when layers are hard: some files let a task wait for one of a later layer. */
function isAcyclic(tasks: readonly Omit<Work, "duration">[]): boolean {
  const weighed = tasks.map((task) => ({ ...task, duration: 1 }));
  return [weighed, byLayers(weighed)].every((all) => graphOf(all).order.length === tasks.length);
}

/** Layered task files as people write them: most tasks need one or two of the layer before, some of an earlier one. */
function generated(): readonly (readonly Omit<Work, "duration">[])[] {
  return Array.from({ length: 40 }, (_, index) => {
    const random = generator(index + 1);
    const tasks: Omit<Work, "duration">[] = [];
    const layers = 4 + Math.floor(random() * 4);
    for (let layer = 1; layer <= layers; layer += 1) {
      const before = tasks.filter((task) => task.layer < layer);
      const width = 5 + Math.floor(random() * 12);
      for (let k = 0; k < width; k += 1) {
        const near = before.filter((task) => task.layer === layer - 1);
        const pool = random() < 0.75 || near.length === 0 ? near : before;
        const dependsOn = Array.from(
          { length: pool.length === 0 ? 0 : 1 + Math.floor(random() * 2) },
          () => pool[Math.floor(random() * pool.length)]!.id,
        );
        tasks.push({ id: `T${String(tasks.length + 1).padStart(3, "0")}`, layer, dependsOn: [...new Set(dependsOn)] });
      }
    }
    return tasks;
  });
}

/** mulberry32: small, seeded, the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
