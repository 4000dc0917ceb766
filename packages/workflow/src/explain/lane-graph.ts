import { buildGraph, type Graph, type NodeState, type WorkNode } from "@orchard/scheduler";
import { type Lane, lanesInOrder, type Priority, type Tracker } from "@orchard/tracker-core";

const PRIORITY: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 };

/** The lanes of the tracker as the scheduler sees them, in the order in which they were added. */
export function laneGraph(tracker: Tracker): Graph {
  return buildGraph(lanesInOrder(tracker).map(toNode));
}

/** A lane's work counts as done when it is verified in its own worktree, long before it lands. */
export function laneNodeState(tracker: Tracker, now: string): (id: string) => NodeState {
  return (id) => {
    const lane = tracker.lanes[id];
    if (lane === undefined) return "held";
    switch (lane.state) {
      case "pending":
        return "waiting";
      case "retrying":
        return lane.retryAt === undefined || lane.retryAt <= now ? "waiting" : "held";
      case "completed":
        return "done";
      case "failed":
        return "failed";
      case "stopped":
        return "held";
      default:
        return "running";
    }
  };
}

function toNode(lane: Lane): WorkNode {
  const { dependsOn, priority, parallel, tasks } = lane.definition;
  return { id: lane.id, dependsOn, priority: PRIORITY[priority], parallel, weight: Math.max(1, tasks.length) };
}
