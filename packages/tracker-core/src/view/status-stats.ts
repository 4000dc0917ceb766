import { lanesInOrder, type Tracker } from "../domain/tracker.ts";
import { laneStatus } from "./lane-status.ts";
import { trackerView } from "./tracker-view.ts";

/** The figures of `/api/status` (seed 000). */
export interface StatusStats {
  readonly agents_total: number;
  readonly agents_active: number;
  readonly agents_completed: number;
  readonly agents_failed: number;
  readonly lanes_total: number;
  readonly lanes_running: number;
  readonly lanes_completed: number;
  readonly lanes_failed: number;
  /** completed lanes / lanes, 0 to 100, one decimal. */
  readonly completion_percentage: number;
}

/** Counts agents and lanes as the tracker's view shows them; without lanes the percentage is 0. */
export function statusStats(tracker: Tracker): StatusStats {
  const agents = Object.values(trackerView(tracker)["agents"] as Record<string, { readonly status: string }>);
  const lanes = lanesInOrder(tracker).map((lane) => laneStatus(tracker, lane));
  const agentsThat = (status: string) => agents.filter((agent) => agent.status === status).length;
  const lanesThat = (status: string) => lanes.filter((lane) => lane === status).length;
  return {
    agents_total: agents.length,
    agents_active: agentsThat("running"),
    agents_completed: agentsThat("completed"),
    agents_failed: agentsThat("failed"),
    lanes_total: lanes.length,
    lanes_running: lanesThat("running"),
    lanes_completed: lanesThat("completed"),
    lanes_failed: lanesThat("failed"),
    completion_percentage: lanes.length === 0 ? 0 : Math.round((lanesThat("completed") / lanes.length) * 1000) / 10,
  };
}
