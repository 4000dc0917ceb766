import { availableTo, findRecord, type Progress, type Spec, type TaskDefinition } from "@orchard/tracker-core";
import { remainingIn } from "./task-graph.ts";

export interface NextTask {
  readonly spec: string;
  readonly task: string;
  readonly title: string;
  /** How many tasks, one after the other, wait behind it, itself counted. */
  readonly remaining: number;
}

/** The lane that asks, and the tasks that it is about. */
export interface LaneAsking {
  readonly lane?: string | undefined;
  readonly only?: ReadonlySet<string> | undefined;
}

/** As `orch` tells it to the agents of lanes of spec tasks, in `ORCH_LANE` and `ORBIT_TASKS`; nothing in any other place. */
export function laneAsking(environment: NodeJS.ProcessEnv): LaneAsking {
  const tasks = environment["ORBIT_TASKS"];
  if (tasks === undefined || tasks === "") return {};
  return { lane: environment["ORCH_LANE"], only: new Set(tasks.split(",")) };
}

/**
 * What `agent` does best now: its own tasks before those that are anybody's, and among them the one with the longest
 * chain of work behind it; then the file's order. In a lane of spec tasks it is one of the lane's, whoever it is meant
 * for: first of all one that the lane has claimed already. `undefined` when nothing is available.
 */
export function nextTask(
  progress: Progress,
  specs: readonly string[],
  agent: string,
  { lane, only }: LaneAsking = {},
): NextTask | undefined {
  const held = only === undefined ? undefined : heldIn(progress, specs, { lane, only });
  if (held !== undefined) return held;
  const candidates = specs.flatMap((name) => {
    const spec = progress.specs[name];
    return spec === undefined ? [] : ranked(spec, agent, only);
  });
  const [best] = candidates.sort((a, b) => Number(b.own) - Number(a.own) || b.remaining - a.remaining);
  if (best === undefined) return undefined;
  const { spec, definition, remaining } = best;
  return { spec, task: definition.id, title: definition.title, remaining };
}

/** An attempt before this one claimed it and did not finish. */
function heldIn(progress: Progress, specs: readonly string[], { lane, only }: LaneAsking): NextTask | undefined {
  for (const name of specs) {
    const spec = progress.specs[name];
    const task = spec?.definition.tasks.find(({ id }) => {
      const claim = findRecord(spec, id)?.claim;
      return only?.has(id) === true && claim !== undefined && claim.place.lane === lane;
    });
    if (task !== undefined) return { spec: name, task: task.id, title: task.title, remaining: 1 };
  }
  return undefined;
}

interface Ranked {
  readonly spec: string;
  readonly definition: TaskDefinition;
  readonly own: boolean;
  readonly remaining: number;
}

function ranked(spec: Spec, agent: string, only: ReadonlySet<string> | undefined): readonly Ranked[] {
  const remainingOf = remainingIn(spec);
  const free = availableTo(spec, agent, { any: only !== undefined }).filter(({ id }) => only?.has(id) !== false);
  return free.map((definition) => ({
    spec: spec.name,
    definition,
    own: definition.agent === agent,
    remaining: remainingOf(definition),
  }));
}
