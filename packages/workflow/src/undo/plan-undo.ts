import { ownIdentity } from "@orchard/host";
import { findLane, type Tracker, type UndoPlan, type UndoStep } from "@orchard/tracker-core";
import type { Worker } from "../orchard/worker.ts";
import { undoRefused } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { type LandingOptions, type PlannedLanding, planRelanding, planUnlanding } from "./plan-landing.ts";
import { undoSteps } from "./undo-steps.ts";
import { whyNotInTheWorld } from "./why-not-in-the-world.ts";
import { whyNotNow } from "./why-not-now.ts";

export interface PlannedUndo {
  readonly plan: UndoPlan;
  /** Why what landed is taken back by a new commit and not moved back. */
  readonly why?: string | undefined;
  /** A commit is to land that no verify command has looked at. */
  readonly isUnverified: boolean;
}

/**
 * What taking these operations (newest first) back comes to. Nothing is changed, except that a commit may be made that no
 * ref leads to. Throws `UNDO_REFUSED` with every reason: an agent runs in a lane of them, a lane went on since, …
 */
export async function planUndo(
  worker: Worker,
  operations: readonly Operation[],
  options: LandingOptions & { readonly id: string },
): Promise<PlannedUndo> {
  const tracker = await worker.orchard.tracker();
  const reasons = whyNotNow(tracker, operations);
  if (reasons.length > 0) throw undoRefused(reasons);
  const steps = operations.flatMap(undoSteps).map((step) => withWhatIs(step, tracker));
  const inTheWay = await whyNotInTheWorld(worker.orchard, steps);
  if (inTheWay.length > 0) throw undoRefused(inTheWay);
  const landing = await planLanding(worker, operations, steps, options);
  const plan: UndoPlan = {
    id: options.id,
    operations: operations.map(({ id }) => id),
    owner: ownIdentity(),
    steps: landing === undefined ? steps : withAllLandings(steps, landing),
    ...(landing === undefined ? {} : { landing: landing.landing }),
  };
  return { plan, why: landing?.why, isUnverified: landing?.isUnverified === true };
}

function withWhatIs(step: UndoStep, tracker: Tracker): UndoStep {
  return step.kind === "putBack" ? { ...step, from: findLane(tracker, step.lane) ?? null } : step;
}

async function planLanding(
  worker: Worker,
  operations: readonly Operation[],
  steps: readonly UndoStep[],
  options: LandingOptions,
): Promise<PlannedLanding | undefined> {
  const unlands = operations.flatMap(({ changes }) => changes.landed.toReversed());
  const relands = operations.filter(({ changes }) => changes.unlanded.length > 0);
  if (unlands.length > 0 && relands.length > 0) throw undoRefused(["one lands again what another lets go"]);
  if (unlands.length > 0) return planUnlanding(worker, unlands, options);
  return steps.length === 0 ? undefined : relands[0] && planRelanding(worker, relands[0], options);
}

/** Lanes that only counted as landed because of what goes now go with it. */
function withAllLandings(steps: readonly UndoStep[], { lanes }: PlannedLanding): readonly UndoStep[] {
  const known = new Set(steps.flatMap((step) => (step.kind === "unland" ? [step.lane] : [])));
  const others = lanes.filter(({ lane }) => !known.has(lane));
  return [...others.map(({ lane, head, commit }) => ({ kind: "unland", lane, head, commit }) as const), ...steps];
}
