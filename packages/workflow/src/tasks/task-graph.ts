import { buildGraph, type Graph, type NodeState, type StateOf } from "@orchard/scheduler";
import { findDefinition, isSatisfied, type Spec, taskStatus } from "@orchard/tracker-core";

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
