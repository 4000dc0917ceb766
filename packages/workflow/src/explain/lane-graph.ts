import { buildGraph, type Graph, type NodeState, type WorkNode } from "@orchard/scheduler";
import {
  canGoOn,
  gatesOf,
  type Lane,
  lanesInOrder,
  laneTasks,
  type Priority,
  type RepositoryState,
  type Tracker,
} from "@orchard/tracker-core";

const PRIORITY: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 };

/** The lanes of the tracker as the scheduler sees them, in the order in which they were added. */
export function laneGraph(tracker: Tracker): Graph {
  return buildGraph(lanesInOrder(tracker).map((lane) => toNode(tracker, lane)));
}

/**
 * A lane's work counts as done when it is verified in its own worktree, long before it lands. A lane of spec tasks waits
 * for its turn while it has something to do; else it is held.
 */
export function laneNodeState({ tracker, progress }: RepositoryState, now: string): (id: string) => NodeState {
  const waiting = (lane: Lane): NodeState =>
    lane.definition.spec === undefined || canGoOn(laneTasks(progress, lane, now)) ? "waiting" : "held";
  return (id) => {
    const lane = tracker.lanes[id];
    if (lane === undefined) return "held";
    switch (lane.state) {
      case "pending":
      case "parked":
        return waiting(lane);
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

function toNode(tracker: Tracker, lane: Lane): WorkNode {
  const { priority, parallel, tasks } = lane.definition;
  return {
    id: lane.id,
    dependsOn: gatesOf(tracker, lane),
    priority: PRIORITY[priority],
    parallel,
    weight: Math.max(1, tasks.length),
  };
}
