import { livenessOf, ownIdentity } from "@orchard/host";
import type { UndoPlan } from "@orchard/tracker-core";
import { interrupted } from "../errors.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { whenTracker } from "../orchard/when-tracker.ts";
import { besideDriver } from "../orchard/worker.ts";
import { type CarriedOut, carryOutUndo } from "./carry-out-undo.ts";
import { undoAtWork } from "./errors.ts";

const PATIENCE_MS = 60_000;

/** An undo that another process had announced, and what it came to. */
export interface SettledUndo {
  readonly plan: UndoPlan;
  readonly outcome: CarriedOut;
}

/**
 * Finishes what an undo that died had announced, and reports what could not be done any more; waits for one that lives.
 * Every command that writes begins with it, so nobody builds on a state between. Throws `UNDO_AT_WORK` when one lives for
 * too long, `INTERRUPTED` when the person interrupts the waiting.
 */
export async function settleUndo(
  orchard: Orchard,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<SettledUndo | undefined> {
  const settled = await finishUndo(orchard, signal, patienceMs);
  if (settled === undefined) return undefined;
  const { plan, outcome } = settled;
  const hint = "See what it was to take back: orch log";
  const report = (text: string) => orchard.ports.report({ type: "warning", text, hint });
  if (outcome.kind === "abandoned") report(`${plan.id}, which was cut off, took nothing back: ${outcome.reason}`);
  else for (const reason of outcome.untaken) report(`${plan.id}, which was cut off, is not complete: ${reason}`);
  return settled;
}

/** As {@link settleUndo}; what it came to is for the caller to tell. */
export async function finishUndo(
  orchard: Orchard,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<SettledUndo | undefined> {
  const plan = (await orchard.tracker()).undoing;
  if (plan === undefined) return undefined;
  if (isAtWork(plan)) {
    const isOver = await whenTracker(
      orchard,
      (tracker) => (tracker.undoing?.id === plan.id && isAtWork(plan) ? undefined : true),
      { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]), everyMs: 100 },
    );
    if (signal.aborted) throw interrupted(0);
    if (isOver === undefined) throw undoAtWork(plan.id, plan.owner.pid);
    return finishUndo(orchard, signal, patienceMs);
  }
  return { plan, outcome: await carryOutUndo(besideDriver(orchard, signal), plan) };
}

function isAtWork({ owner }: UndoPlan): boolean {
  const own = ownIdentity();
  const isOwn = owner.pid === own.pid && owner.startTime === own.startTime && owner.bootId === own.bootId;
  return !isOwn && livenessOf(owner) !== "dead";
}
