import { isOrchardError, type LaneId } from "@orchard/kernel";
import {
  findLane,
  isActive,
  isLanded,
  isSameLane,
  type Lane,
  lanesInOrder,
  requireUnshared,
  type Tracker,
  type UndoStep,
} from "@orchard/tracker-core";
import { findCycle } from "../requests/add-lane-from-json.ts";
import type { Operation } from "./operation.ts";
import { undoSteps } from "./undo-steps.ts";

/**
 * Every reason why these operations (newest first) cannot be taken back together as `tracker` stands; empty when nothing
 * there is in the way. `orch log` and `orch undo` both ask this one. What only the repository tells (a conflict, a red
 * tree, changes in the checkout) shows when it is tried.
 */
export function whyNotNow(tracker: Tracker, operations: readonly Operation[]): readonly string[] {
  const given = operations.flatMap((operation) => undoSteps(operation).map((step) => ({ step, operation })));
  const gone = new Set(given.flatMap(({ step }) => (step.kind === "putBack" && step.to === null ? [step.lane] : [])));
  const reasons = given.flatMap(
    ({ step, operation }) => whyRefused(tracker, step, { operation, operations, gone }) ?? [],
  );
  const steps = given.map(({ step }) => step);
  return [...new Set([...reasons, ...whyLanesDoNotFit(tracker, steps)])];
}

/** What `add-lane` would refuse of the lanes as they were then, beside the others as they are now. */
function whyLanesDoNotFit(tracker: Tracker, steps: readonly UndoStep[]): readonly string[] {
  const lanes = new Map(lanesInOrder(tracker).map((lane) => [lane.id, lane]));
  const back = new Set<LaneId>();
  for (const step of steps) {
    if (step.kind !== "putBack") continue;
    if (step.to === null) lanes.delete(step.lane);
    else lanes.set(step.lane, step.to);
    back.add(step.lane);
  }
  const again = [...back].flatMap((id) => lanes.get(id) ?? []);
  if (again.length === 0) return [];
  const gone = again.flatMap(({ id, definition }) =>
    definition.dependsOn
      .filter((dependency) => !lanes.has(dependency))
      .map((dependency) => `lane "${id}" would depend on "${dependency}", which is gone`),
  );
  const all = [...lanes.values()].map(({ id, definition }) => ({ id, dependsOn: definition.dependsOn }));
  const cycle = findCycle(all);
  const circle = cycle === undefined ? [] : [`lanes would depend on each other in a circle: ${cycle.join(" → ")}`];
  return [...gone, ...circle, ...again.flatMap((lane) => whyShared(lane, [...lanes.values()]))];
}

function whyShared(lane: Lane, all: readonly Lane[]): readonly string[] {
  if (isLanded(lane) || lane.state === "failed" || lane.state === "stopped") return [];
  try {
    requireUnshared(
      all.filter(({ id }) => id !== lane.id),
      lane.definition,
    );
    return [];
  } catch (error) {
    if (!isOrchardError(error)) throw error;
    return [error.message.replace(/\.$/, "")];
  }
}

interface Around {
  readonly operation: Operation;
  readonly operations: readonly Operation[];
  /** Lanes that this undo takes out. */
  readonly gone: ReadonlySet<string>;
}

function whyRefused(tracker: Tracker, step: UndoStep, around: Around): string | undefined {
  const lane = findLane(tracker, step.lane);
  if (lane !== undefined && isActive(lane))
    return `lane "${lane.id}" is ${lane.state}, and an agent may be at work in it (orch stop ${lane.id})`;
  switch (step.kind) {
    case "putBack":
      return whyNotPutBack(tracker, lane, step, around);
    case "unland":
      return lane?.merge?.state === "landed" && lane.merge.commit === step.commit
        ? undefined
        : `lane "${step.lane}" has not landed as ${step.commit.slice(0, 10)} any more`;
    case "reland":
      return lane?.state === "completed" && lane.merge === undefined && lane.work?.head === step.head
        ? undefined
        : `lane "${step.lane}" went on since it was taken back`;
    case "restore":
      return lane?.worktree === undefined && lane?.setAside?.number === step.number
        ? undefined
        : `the worktree of lane "${step.lane}" is not the one that was set aside as ${step.lane}/${step.number}`;
    case "setAside":
      return lane?.worktree?.path === step.path ? undefined : `lane "${step.lane}" has no worktree at ${step.path}`;
  }
}

function whyNotPutBack(
  tracker: Tracker,
  lane: Lane | undefined,
  step: Extract<UndoStep, { kind: "putBack" }>,
  { operation, operations, gone }: Around,
): string | undefined {
  // Of several operations only the newest finds the lane as it left it.
  const newest = operations.find(({ changes }) => changes.lanes.has(step.lane));
  const left = operation.changes.lanes.get(step.lane)?.after ?? null;
  if (newest === operation && !isSameLane(lane, left)) return `lane "${step.lane}" went on since ${operation.id}`;
  if (step.to !== null) return undefined;
  const waiting = lanesInOrder(tracker).find(
    ({ id, definition }) => !gone.has(id) && definition.dependsOn.includes(step.lane),
  );
  return waiting && `lane "${waiting.id}" depends on "${step.lane}"`;
}
