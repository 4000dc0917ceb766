import { canonicalJson, type Json } from "@orchard/kernel";
import { findLane, isActive, type Lane, lanesInOrder, type Tracker, type UndoStep } from "@orchard/tracker-core";
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
  return [...new Set(reasons)];
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
  if (newest === operation && textOf(lane ?? null) !== textOf(left))
    return `lane "${step.lane}" went on since ${operation.id}`;
  if (step.to !== null) return undefined;
  const waiting = lanesInOrder(tracker).find(
    ({ id, definition }) => !gone.has(id) && definition.dependsOn.includes(step.lane),
  );
  return waiting && `lane "${waiting.id}" depends on "${step.lane}"`;
}

function textOf(lane: Lane | null): string {
  return canonicalJson(JSON.parse(JSON.stringify(lane)) as Json);
}
