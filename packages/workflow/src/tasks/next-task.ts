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
 * chain of work behind it; then the file's order. `only`: no other task is looked at, whoever it is meant for. `undefined`
 * when nothing is available.
 */
export function nextTask(
  progress: Progress,
  specs: readonly string[],
  agent: string,
  { only }: { readonly only?: ReadonlySet<string> | undefined } = {},
): NextTask | undefined {
  const candidates = specs.flatMap((name) => {
    const spec = progress.specs[name];
    return spec === undefined ? [] : ranked(spec, agent, only);
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

function ranked(spec: Spec, agent: string, only: ReadonlySet<string> | undefined): readonly Ranked[] {
  const lengths = remainingLength(taskGraph(spec), taskStates(spec));
  const free = availableTo(spec, agent, { any: only !== undefined }).filter(({ id }) => only?.has(id) !== false);
  return free.map((definition) => ({
    spec: spec.name,
    definition,
    own: definition.agent === agent,
    remaining: lengths.get(definition.id) ?? 1,
  }));
}
