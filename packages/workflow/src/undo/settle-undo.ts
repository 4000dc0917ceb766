import { livenessOf, ownIdentity } from "@orchard/host";
import { type UndoPlan, undoActive } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { whenTracker } from "../orchard/when-tracker.ts";
import { besideDriver } from "../orchard/worker.ts";
import { carryOutUndo } from "./carry-out-undo.ts";

const PATIENCE_MS = 60_000;

/**
 * Finishes what an undo that died had announced; waits for one that lives. What it finished, if anything. Every command
 * that writes begins with it, so nobody builds on a state between. Throws `UNDO_ACTIVE` when one lives for too long.
 */
export async function settleUndo(orchard: Orchard, interrupted: AbortSignal): Promise<UndoPlan | undefined> {
  const plan = (await orchard.tracker()).undoing;
  if (plan === undefined) return undefined;
  if (isAtWork(plan)) {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(PATIENCE_MS)]);
    const isOver = await whenTracker(
      orchard,
      (tracker) => (tracker.undoing?.id === plan.id && isAtWork(plan) ? undefined : true),
      { signal, everyMs: 100 },
    );
    if (isOver === undefined) throw undoActive(plan.id);
    return settleUndo(orchard, interrupted);
  }
  await carryOutUndo(besideDriver(orchard, interrupted), plan);
  return plan;
}

function isAtWork({ owner }: UndoPlan): boolean {
  const own = ownIdentity();
  const isOwn = owner.pid === own.pid && owner.startTime === own.startTime && owner.bootId === own.bootId;
  return !isOwn && livenessOf(owner) !== "dead";
}
