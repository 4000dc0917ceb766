import type { LaneId } from "@orchard/kernel";
import { isActive, type Lane, type WorkTakenOut } from "../domain/lane.ts";
import { isSameLane } from "../domain/same-lane.ts";
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

/** How the record of an undo came out; `wentOn`: lanes that went on since it was announced, and so stay as they are. */
export type UndoRecorded = {
  readonly kind: "done" | "abandoned";
  readonly wentOn: readonly LaneId[];
};

/**
 * What the tracker says once the steps are taken in the world, and that this undo has ended: one record, because a lane that
 * was put back may go on at once. A lane that went on meanwhile is not put back; where that was all there was to do the undo
 * is given up. Of a plan that has ended nothing. `knowing` tells what must be remembered of a lane whose landing is taken
 * back.
 */
export function recordUndo(
  tracker: Tracker,
  id: string,
  knowing: (lane: LaneId) => readonly WorkTakenOut[],
): TrackerDecision<UndoRecorded> {
  const plan = tracker.undoing;
  if (plan?.id !== id) return { facts: [], outcome: { kind: "done", wentOn: [] } };
  const wentOn = lanesThatWentOn(tracker, plan);
  const isLeft = (step: UndoStep) => step.kind === "putBack" && wentOn.includes(step.lane);
  const steps = plan.steps.filter((step) => !isLeft(step));
  if (steps.length === 0 && wentOn.length > 0 && plan.landing === undefined) {
    const reason = `${wentOn.map((lane) => `lane "${lane}"`).join(", ")} went on meanwhile`;
    return { ...abandonUndo(tracker, { id, reason }), outcome: { kind: "abandoned", wentOn } };
  }
  const facts = steps.flatMap((step) => factOf(tracker, plan, step, knowing) ?? []);
  return { facts: [...facts, { type: "undo-ended", id, outcome: "done" }], outcome: { kind: "done", wentOn } };
}

/** What was announced for them was announced for what they were then. */
function lanesThatWentOn(tracker: Tracker, { steps }: UndoPlan): readonly LaneId[] {
  const first = new Map<LaneId, Extract<UndoStep, { kind: "putBack" }>>();
  for (const step of steps) if (step.kind === "putBack" && !first.has(step.lane)) first.set(step.lane, step);
  return [...first.values()].flatMap(({ lane: id, from }) => {
    if (from === undefined) return [];
    const lane = findLane(tracker, id) ?? null;
    const planned = movesItsWorktree(steps, id) && from !== null ? withPlaceOf(from, lane) : from;
    const isAsPlanned = isSameLane(lane, planned) && (lane === null || !isActive(lane));
    return isAsPlanned ? [] : [id];
  });
}

/** Its worktree came back, or was set aside, as a step of the undo itself. */
function movesItsWorktree(steps: readonly UndoStep[], lane: LaneId): boolean {
  return steps.some((step) => (step.kind === "restore" || step.kind === "setAside") && step.lane === lane);
}

function withPlaceOf(lane: Lane, now: Lane | null): Lane {
  return { ...lane, worktree: now?.worktree, setAside: now?.setAside };
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
  { landing, steps }: UndoPlan,
  step: UndoStep,
  knowing: (lane: LaneId) => readonly WorkTakenOut[],
): TrackerFact | undefined {
  const lane = findLane(tracker, step.lane);
  switch (step.kind) {
    case "putBack": {
      const to = step.to !== null && movesItsWorktree(steps, step.lane) ? withPlaceOf(step.to, lane ?? null) : step.to;
      return { type: "lane-put-back", lane: step.lane, to };
    }
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
      const { head, verified, evidence } = step;
      if (landing?.how === "revert") return { type: "lane-landed", lane: lane.id, head, commit: landing.to, verified };
      const spoke = evidence === undefined ? {} : { evidence };
      return { type: "lane-landed", lane: lane.id, head, commit: step.commit, verified, ...spoke };
    }
    case "restore":
    case "setAside":
      return undefined;
  }
}
