import type { LaneId } from "@orchard/kernel";
import type { WorkTakenOut } from "../domain/lane.ts";
import { findLane, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import { type UndoPlan, type UndoStep, undoneLandingOf } from "../domain/undo.ts";
import { undoActive } from "../errors.ts";
import { happened, NOTHING, requireHome, type TrackerDecision } from "./decision.ts";

/**
 * Announces what will be taken back. `undos`: how many undos there were when it was planned. Throws `UNDO_ACTIVE` when
 * another one was announced since, whether or not it has ended: what was planned is not what there is any more.
 */
export function intendUndo(
  tracker: Tracker,
  { plan, undos }: { readonly plan: UndoPlan; readonly undos: number },
): TrackerDecision {
  requireHome(tracker);
  const other = tracker.undoing?.id;
  if (other !== undefined) throw undoActive(other);
  if ((tracker.undos ?? 0) !== undos) throw undoActive("another");
  return happened({ type: "undo-intended", undo: plan });
}

/**
 * What the tracker says once the steps are taken in the world, and that this undo has ended: one record, because a lane that
 * was put back may go on at once. Of a plan that has ended nothing. `knowing` tells what must be remembered of a lane whose
 * landing is taken back.
 */
export function recordUndo(
  tracker: Tracker,
  id: string,
  knowing: (lane: LaneId) => readonly WorkTakenOut[],
): TrackerDecision {
  const plan = tracker.undoing;
  if (plan?.id !== id) return NOTHING;
  const facts = plan.steps.flatMap((step) => factOf(tracker, plan, step, knowing) ?? []);
  return happened(...facts, { type: "undo-ended", id, outcome: "done" });
}

/** An undo is given up: something came in between, and nothing of it was done. A second time changes nothing. */
export function abandonUndo(
  tracker: Tracker,
  { id, reason }: { readonly id: string; readonly reason: string },
): TrackerDecision {
  return tracker.undoing?.id === id ? happened({ type: "undo-ended", id, outcome: "abandoned", reason }) : NOTHING;
}

function factOf(
  tracker: Tracker,
  { landing }: UndoPlan,
  step: UndoStep,
  knowing: (lane: LaneId) => readonly WorkTakenOut[],
): TrackerFact | undefined {
  const lane = findLane(tracker, step.lane);
  switch (step.kind) {
    case "putBack":
      return { type: "lane-put-back", lane: step.lane, to: step.to };
    case "unland": {
      if (lane?.merge?.state !== "landed" || lane.merge.commit !== step.commit) return undefined;
      const { head, commit } = step;
      const start = (lane.worktree ?? lane.setAside?.worktree)?.start ?? undoneLandingOf(tracker, lane.id)?.start;
      const how = landing?.how === "rewind" ? "rewind" : "revert";
      const tasks = knowing(lane.id);
      return {
        type: "landing-undone",
        lane: lane.id,
        head,
        commit,
        how,
        start,
        tasks,
        ...(landing && { by: landing }),
      };
    }
    case "reland": {
      if (lane === undefined || lane.merge?.state === "landed" || lane.work?.head !== step.head) return undefined;
      const commit = landing?.how === "revert" ? landing.to : step.commit;
      return { type: "lane-landed", lane: lane.id, head: step.head, commit, verified: step.verified };
    }
    case "restore":
    case "setAside":
      return undefined;
  }
}
