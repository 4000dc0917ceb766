import { remainingLength } from "@orchard/scheduler";
import { availableTo, type Progress, type Spec, type TaskDefinition } from "@orchard/tracker-core";
import { taskGraph, taskStates } from "./task-graph.ts";

export interface NextTask {
  readonly spec: string;
  readonly task: string;
  readonly title: string;
  /** How many tasks, one after the other, wait behind it, itself counted. */
  readonly remaining: number;
}

/**
 * What `agent` does best now: its own tasks before those that are anybody's, and among them the one with the longest
 * chain of work behind it; then the file's order. `undefined` when nothing is available.
 */
export function nextTask(progress: Progress, specs: readonly string[], agent: string): NextTask | undefined {
  const candidates = specs.flatMap((name) => {
    const spec = progress.specs[name];
    return spec === undefined ? [] : ranked(spec, agent);
  });
  const [best] = candidates.sort((a, b) => Number(b.own) - Number(a.own) || b.remaining - a.remaining);
  if (best === undefined) return undefined;
  const { spec, definition, remaining } = best;
  return { spec, task: definition.id, title: definition.title, remaining };
}

interface Ranked {
  readonly spec: string;
  readonly definition: TaskDefinition;
  readonly own: boolean;
  readonly remaining: number;
}

function ranked(spec: Spec, agent: string): readonly Ranked[] {
  const lengths = remainingLength(taskGraph(spec), taskStates(spec));
  return availableTo(spec, agent).map((definition) => ({
    spec: spec.name,
    definition,
    own: definition.agent === agent,
    remaining: lengths.get(definition.id) ?? 1,
  }));
}
