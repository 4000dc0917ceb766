import { buildGraph, findCycle } from "@orchard/scheduler";
import {
  findDefinition,
  findRecord,
  findSpec,
  isDone,
  isLanded,
  isSatisfied,
  type Lane,
  lanesInOrder,
  type Progress,
  type RepositoryState,
  type Spec,
} from "@orchard/tracker-core";

/** Lanes, or one, that could never go on: a task of each waits for one that lands with the next, and the last for the first. */
export interface LanesInCircle {
  readonly lanes: readonly string[];
  /** `T003 of lane "a" waits for T002 of lane "b" to land`, one for each step of the circle. */
  readonly waits: readonly string[];
}

/** What is looked at of a lane. */
export type LaneOfTasks = Pick<Lane, "id"> & { readonly definition: Pick<Lane["definition"], "spec" | "tasks"> };

/**
 * With `"completeOn": "merge"` a task waits until what it depends on has landed, and a lane lands whole: so a lane whose
 * own tasks depend on each other, and lanes that take turns on one chain, would wait for ever. The shortest such circle;
 * of tasks in no lane, which land one by one, too. `undefined` when there is none.
 */
export function lanesInCircle(progress: Progress, lanes: readonly LaneOfTasks[]): LanesInCircle | undefined {
  for (const name of new Set(lanes.flatMap(({ definition }) => definition.spec ?? []))) {
    const spec = findSpec(progress, name);
    if (spec?.definition.rules.completeOn !== "merge") continue;
    const found = circleIn(
      spec,
      lanes.filter(({ definition }) => definition.spec === name),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The lanes that work is still to be done in, or to land. */
export function lanesUnderWay({ tracker }: Pick<RepositoryState, "tracker">): readonly Lane[] {
  return lanesInOrder(tracker).filter((lane) => !isLanded(lane) && lane.state !== "failed" && lane.state !== "stopped");
}

/** Whatever lands at once is one node: a lane, or a task of no lane. */
function circleIn(spec: Spec, lanes: readonly LaneOfTasks[]): LanesInCircle | undefined {
  const laneOf = new Map(lanes.flatMap(({ id, definition }) => definition.tasks.map((task) => [task, id] as const)));
  const others = spec.definition.tasks.flatMap(({ id }) => (laneOf.has(id) ? [] : [{ id: nodeOf(id), tasks: [id] }]));
  const nodes = [...lanes.map(({ id, definition }) => ({ id: `lane ${id}`, tasks: definition.tasks })), ...others];
  const steps = new Map(nodes.map(({ id, tasks }) => [id, stepsOf(spec, tasks)]));
  function nodeOf(task: string): string {
    const lane = laneOf.get(task);
    return lane === undefined ? `task ${task}` : `lane ${lane}`;
  }
  const graph = nodes.map(({ id }) => {
    const dependsOn = [...new Set((steps.get(id) ?? []).map(({ on }) => nodeOf(on)))];
    return { id, dependsOn, priority: 0, parallel: true, weight: 1 };
  });
  const cycle = findCycle(buildGraph(graph));
  const inCircle = cycle?.filter((node) => node.startsWith("lane ")).map((node) => node.slice("lane ".length)) ?? [];
  // Tasks that wait for each other without any lane are a mistake in the file, which is told as such.
  if (cycle === undefined || inCircle.length === 0) return undefined;
  const said = (task: string) => (laneOf.has(task) ? `${task} of lane "${laneOf.get(task)}"` : task);
  const waits = cycle.map((node, at) => {
    const next = cycle[(at + 1) % cycle.length];
    const step = steps.get(node)?.find(({ on }) => nodeOf(on) === next);
    return step === undefined ? "" : `${said(step.task)} waits for ${said(step.on)} to land`;
  });
  return { lanes: inCircle, waits };
}

/** Of tasks that are not done: what each still waits for. */
function stepsOf(spec: Spec, tasks: readonly string[]): readonly { readonly task: string; readonly on: string }[] {
  return tasks
    .filter((task) => !isDone(findRecord(spec, task)))
    .flatMap((task) => (findDefinition(spec, task)?.dependsOn ?? []).map((on) => ({ task, on })))
    .filter(({ on }) => !isSatisfied(spec, on));
}
