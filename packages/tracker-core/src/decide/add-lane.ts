import type { LaneId } from "@orchard/kernel";
import { isLanded, type Lane, type LaneDefinition } from "../domain/lane.ts";
import { findLane, lanesInOrder, type Tracker } from "../domain/tracker.ts";
import { dependencyCycle, laneExists, taskInLane, unknownDependency } from "../errors.ts";
import { requireHome, type TrackerDecision } from "./decision.ts";
import { requestRetry } from "./request.ts";

/** The wish for one more lane, and how many attempts it may make before it counts as failed. */
export interface AddLaneIntent {
  readonly lane: LaneId;
  readonly definition: LaneDefinition;
  readonly attemptsAllowed: number;
  /** Give a lane that has not started, or has failed or was stopped, a new definition; it begins at the base again. */
  readonly replace: boolean;
}

/** Finds the shortest cycle among lanes and the lanes each depends on. */
export type FindCycle = (
  lanes: readonly { readonly id: string; readonly dependsOn: readonly string[] }[],
) => readonly string[] | undefined;

/**
 * Throws `LANE_EXISTS`, `UNKNOWN_DEPENDENCY`, `DEPENDENCY_CYCLE`, `TASK_IN_LANE`, and `LANE_NOT_RETRYABLE` for a lane to be
 * replaced whose work others contain.
 */
export function addLane(
  tracker: Tracker,
  intent: AddLaneIntent,
  findCycle: FindCycle,
): TrackerDecision<"added" | "replaced"> {
  requireHome(tracker);
  const before = findLane(tracker, intent.lane);
  if (before !== undefined && !(intent.replace && isReplaceable(before))) throw laneExists(before);
  for (const dependency of intent.definition.dependsOn) {
    const known = dependency === intent.lane || findLane(tracker, dependency) !== undefined;
    if (!known) throw unknownDependency(intent.lane, dependency);
  }
  const others = lanesInOrder(tracker).filter((lane) => lane.id !== intent.lane);
  const cycle = findCycle([
    ...others.map((lane) => ({ id: lane.id, dependsOn: lane.definition.dependsOn })),
    { id: intent.lane, dependsOn: intent.definition.dependsOn },
  ]);
  if (cycle !== undefined) throw dependencyCycle(cycle);
  requireUnshared(others, intent.definition);
  const { lane, definition, attemptsAllowed } = intent;
  // As a retry that begins anew: the old worktree is set aside, its work pinned, before the lane starts.
  const renewed =
    before === undefined ? [] : requestRetry(tracker, { lane, fresh: true, attempts: attemptsAllowed }).facts;
  return {
    facts: [...renewed, { type: "lane-added", lane, definition, attemptsAllowed }],
    outcome: before === undefined ? "added" : "replaced",
  };
}

function isReplaceable({ state }: Lane): boolean {
  return state === "pending" || state === "failed" || state === "stopped";
}

/** A task is in one lane at a time, until that lane has landed or has given up. Throws `TASK_IN_LANE`. */
export function requireUnshared(others: readonly Lane[], { spec, tasks }: LaneDefinition): void {
  if (spec === undefined) return;
  for (const lane of others) {
    const isOver = isLanded(lane) || lane.state === "failed" || lane.state === "stopped";
    if (isOver || lane.definition.spec !== spec) continue;
    const shared = tasks.find((task) => lane.definition.tasks.includes(task));
    if (shared !== undefined) throw taskInLane(shared, lane.id, lane.state);
  }
}
