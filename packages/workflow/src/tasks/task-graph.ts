import { buildGraph, type Graph, type NodeState, remainingLength, type StateOf } from "@orchard/scheduler";
import { findDefinition, isSatisfied, type Spec, type TaskDefinition, taskStatus } from "@orchard/tracker-core";

/** The tasks of a spec as the scheduler sees them, in the file's order, each of weight 1. */
export function taskGraph(spec: Spec): Graph {
  return buildGraph(
    spec.definition.tasks.map(({ id, dependsOn }) => ({ id, dependsOn, priority: 0, parallel: true, weight: 1 })),
  );
}

export function taskStates(spec: Spec): StateOf {
  return (id): NodeState => {
    const definition = findDefinition(spec, id);
    if (definition === undefined) return "held";
    switch (taskStatus(spec, definition)) {
      case "completed":
        return isSatisfied(spec, id) ? "done" : "held";
      case "in_progress":
        return "running";
      case "failed":
        return "failed";
      case "cancelled":
        return "held";
      default:
        return "waiting";
    }
  };
}

/** How many tasks of a spec wait one after the other, a task itself counted. */
export type RemainingOf = (task: TaskDefinition) => number;

const KNOWN = new WeakMap<Spec, RemainingOf>();

/** How long the chain of work behind each task of `spec` is. */
export function remainingIn(spec: Spec): RemainingOf {
  const known = KNOWN.get(spec);
  if (known !== undefined) return known;
  const lengths = remainingLength(taskGraph(spec), taskStates(spec));
  return ({ id }) => lengths.get(id) ?? 1;
}

/** What {@link remainingIn} says of `spec`, worked out before. */
export function knowRemaining(spec: Spec, remainingOf: RemainingOf): void {
  KNOWN.set(spec, remainingOf);
}
