import { ownIdentity } from "@orchard/host";
import { canonicalJson, type Json } from "@orchard/kernel";
import {
  findLane,
  isActive,
  type Lane,
  lanesInOrder,
  type Tracker,
  type UndoPlan,
  type UndoStep,
} from "@orchard/tracker-core";
import type { Worker } from "../orchard/worker.ts";
import { undoRefused } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { type PlannedLanding, planRelanding, planUnlanding } from "./plan-landing.ts";
import { undoSteps } from "./undo-steps.ts";

export interface PlannedUndo {
  readonly plan: UndoPlan;
  /** Why what landed is taken back by a new commit and not moved back. */
  readonly why?: string | undefined;
}

/**
 * What taking these operations (newest first) back comes to. Nothing is changed, except that a commit may be made that no
 * ref leads to. Throws `UNDO_REFUSED` with every reason: an agent runs in a lane of them, a lane went on since, …
 */
export async function planUndo(
  worker: Worker,
  operations: readonly Operation[],
  options: { readonly id: string; readonly revert: boolean },
): Promise<PlannedUndo> {
  const tracker = await worker.orchard.tracker();
  const given = operations.flatMap((operation) => undoSteps(operation).map((step) => ({ step, operation })));
  const gone = new Set(given.flatMap(({ step }) => (step.kind === "putBack" && step.to === null ? [step.lane] : [])));
  const reasons = given.flatMap(
    ({ step, operation }) => whyRefused(tracker, step, { operation, operations, gone }) ?? [],
  );
  if (reasons.length > 0) throw undoRefused([...new Set(reasons)]);
  const steps = given.map(({ step }) => step);
  const landing = await planLanding(worker, operations, steps, options);
  const plan: UndoPlan = {
    id: options.id,
    operations: operations.map(({ id }) => id),
    owner: ownIdentity(),
    steps: landing === undefined ? steps : withAllLandings(steps, landing),
    ...(landing === undefined ? {} : { landing: landing.landing }),
  };
  return { plan, why: landing?.why };
}

async function planLanding(
  worker: Worker,
  operations: readonly Operation[],
  steps: readonly UndoStep[],
  options: { readonly revert: boolean },
): Promise<PlannedLanding | undefined> {
  const unlands = operations.flatMap(({ changes }) => changes.landed.toReversed());
  const relands = operations.filter(({ changes }) => changes.unlanded.length > 0);
  if (unlands.length > 0 && relands.length > 0) throw undoRefused(["one lands again what another lets go"]);
  if (unlands.length > 0) return planUnlanding(worker, unlands, options);
  const again = relands[0] && (await planRelanding(worker, relands[0]));
  return again === undefined || steps.length === 0 ? undefined : { landing: again, lanes: [] };
}

/** Lanes that only counted as landed because of what goes now go with it. */
function withAllLandings(steps: readonly UndoStep[], { lanes }: PlannedLanding): readonly UndoStep[] {
  const known = new Set(steps.flatMap((step) => (step.kind === "unland" ? [step.lane] : [])));
  const others = lanes.filter(({ lane }) => !known.has(lane));
  return [...others.map(({ lane, head, commit }) => ({ kind: "unland", lane, head, commit }) as const), ...steps];
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
