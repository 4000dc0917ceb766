import { canonicalJson, type LaneId } from "@orchard/kernel";
import type { LaneDefinition } from "../domain/lane.ts";
import { findLane, type Tracker } from "../domain/tracker.ts";
import { laneExists } from "../errors.ts";
import { happened, NOTHING, requireHome, type TrackerDecision } from "./decision.ts";

/**
 * A lane in which a plan is drafted: added, or begun anew from the newest base where an earlier draft of it is over. One that
 * is at work, or that is done with just this and was not read yet, is left. Throws `LANE_EXISTS` where somebody else's lane
 * has that name.
 */
export function beginDraft(
  tracker: Tracker,
  intent: { readonly lane: LaneId; readonly definition: LaneDefinition; readonly attempts: number },
): TrackerDecision {
  requireHome(tracker);
  const { lane, definition, attempts } = intent;
  const before = findLane(tracker, lane);
  const added = { type: "lane-added", lane, definition, attemptsAllowed: attempts } as const;
  if (before === undefined) return happened(added);
  if (before.definition.draft !== true) throw laneExists(before);
  if (before.state === "pending") return happened(added);
  const isOver = before.state === "completed" || before.state === "failed" || before.state === "stopped";
  const isSame = canonicalJson(before.definition) === canonicalJson(definition);
  const isUnread = before.state === "completed" && before.worktree !== undefined && isSame;
  return isOver && !isUnread ? happened({ type: "retry-requested", lane, fresh: true, attempts }, added) : NOTHING;
}
