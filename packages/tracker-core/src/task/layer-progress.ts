import type { IsoTime } from "@orchard/kernel";
import { findDefinition, findRecord, type Spec, type TaskDefinition } from "../domain/spec.ts";
import { blockersOf, type TaskStatus, taskStatus } from "./task-status.ts";

/** The seed's words for a layer. `blocked`: nothing of it was started, and nothing can be. */
export type LayerStatus = "completed" | "in_progress" | "blocked" | "available";

/** A task of a layer, and how it stands. */
export interface TaskInLayer {
  readonly definition: TaskDefinition;
  readonly status: TaskStatus;
  /** Ids of the tasks that it waits for. */
  readonly waitingFor: readonly string[];
}

/** How far a layer is; `completed` and `total` count its tasks. */
export interface LayerProgress {
  readonly number: number;
  readonly title: string;
  readonly status: LayerStatus;
  readonly completed: number;
  readonly total: number;
  readonly tasks: readonly TaskInLayer[];
  /** Unfinished tasks of other layers that tasks of this layer wait for, in the file's order. */
  readonly waitingFor: readonly string[];
  /** The layers those are in. */
  readonly waitingForLayers: readonly number[];
  /** Layers with tasks that wait for tasks of this one. */
  readonly blockingLayers: readonly number[];
}

/** Every layer of a spec in order; tasks without a layer stand under number 0. */
export function layerProgress(spec: Spec): readonly LayerProgress[] {
  const groups = grouped(spec);
  const waits = new Map([...groups].map(([number, tasks]) => [number, waitsOf(spec, number, tasks)]));
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([number, tasks]) => {
      const wait = waits.get(number);
      const done = tasks.filter(({ status }) => status === "completed").length;
      return {
        number,
        title: spec.definition.layers.find((layer) => layer.number === number)?.title ?? "",
        status: statusOf(tasks, done),
        completed: done,
        total: tasks.length,
        tasks,
        waitingFor: wait?.tasks ?? [],
        waitingForLayers: wait?.layers ?? [],
        blockingLayers: [...waits].filter(([, { layers }]) => layers.includes(number)).map(([other]) => other),
      };
    });
}

/** When a sign of life was last recorded of a task that is worked on. */
export function lastSignOf(spec: Spec, id: string): IsoTime | undefined {
  const record = findRecord(spec, id);
  const noted = record?.notes.at(-1)?.at;
  const times = [record?.claim?.renewedAt, record?.stateChangedAt, noted].filter((at) => at !== undefined);
  return times.sort().at(-1);
}

function grouped(spec: Spec): ReadonlyMap<number, readonly TaskInLayer[]> {
  const groups = new Map<number, TaskInLayer[]>(spec.definition.layers.map(({ number }) => [number, []]));
  for (const definition of spec.definition.tasks) {
    const status = taskStatus(spec, definition);
    const blockers = status === "blocked" ? blockersOf(spec, definition) : [];
    const waitingFor = blockers.flatMap((blocker) => (blocker.kind === "task" ? [blocker.on] : []));
    const number = definition.layer ?? 0;
    const group = groups.get(number) ?? [];
    group.push({ definition, status, waitingFor });
    groups.set(number, group);
  }
  return groups;
}

function waitsOf(spec: Spec, number: number, tasks: readonly TaskInLayer[]) {
  const ids = [...new Set(tasks.flatMap(({ waitingFor }) => waitingFor))];
  const others = ids.filter((id) => (findDefinition(spec, id)?.layer ?? 0) !== number);
  const layers = new Set(others.flatMap((id) => findDefinition(spec, id)?.layer ?? []));
  const isHard = spec.definition.rules.layers === "hard";
  for (const { definition, status } of isHard ? tasks : []) {
    if (status !== "blocked") continue;
    for (const blocker of blockersOf(spec, definition)) if (blocker.kind === "layer") layers.add(blocker.layer);
  }
  return { tasks: others, layers: [...layers].sort((a, b) => a - b) };
}

function statusOf(tasks: readonly TaskInLayer[], done: number): LayerStatus {
  if (done === tasks.length) return "completed";
  if (tasks.some(({ status }) => status !== "blocked" && status !== "available")) return "in_progress";
  return tasks.some(({ status }) => status === "available") ? "available" : "blocked";
}
