import { join } from "node:path";
import { livenessOf, ownIdentity } from "@orchard/host";
import { isOrchardError } from "@orchard/kernel";
import { type DriverOptions, endDriver, requireDriver, startDriver, type Tracker } from "@orchard/tracker-core";
import { freeForgottenPorts } from "../environment/allocate-ports.ts";
import { driverActive } from "../errors.ts";
import { endOldVerifications } from "../verify/leftovers.ts";
import type { Orchard } from "./open-orchard.ts";
import { record } from "./record.ts";
import type { Worker } from "./worker.ts";

/**
 * The one process that moves work forward, for as long as it does. Its `record` is refused with `STALE_DRIVER`
 * once another driver has taken over.
 */
export interface Driver extends Worker {
  readonly epoch: number;
}

/**
 * Runs `work` as the driver of the repository. Throws `DRIVER_ACTIVE` while another one lives; one that is
 * provably dead (kill -9, reboot) is overtaken at once. The journal's order decides between two that start
 * together, no lock does.
 */
export async function withDriver<Result>(
  orchard: Orchard,
  options: { readonly command: string; readonly options?: DriverOptions; readonly interrupted: AbortSignal },
  work: (driver: Driver) => Promise<Result>,
): Promise<Result> {
  const { settleUndo } = await import("../undo/settle-undo.ts");
  await settleUndo(orchard, options.interrupted);
  const epoch = await takeTheWheel(orchard, options.command, options.options ?? {});
  orchard.ports.report({ type: "driver-started", epoch });
  const scratch = join(orchard.place.worktreesDir, "verify");
  const driver: Driver = {
    orchard,
    epoch,
    scratch,
    interrupted: options.interrupted,
    record: async (describe, decide) => {
      const committed = await record(orchard, describe, (tracker) => {
        requireDriver(tracker, epoch);
        return decide(tracker);
      });
      return committed.outcome;
    },
  };
  try {
    await endOldVerifications(scratch);
    await freeForgottenPorts(orchard);
    const result = await work(driver);
    await freeForgottenPorts(orchard);
    await leave(orchard, epoch, "done");
    return result;
  } catch (error) {
    await leave(orchard, epoch, isOrchardError(error) ? error.code : "fault").catch(() => undefined);
    throw error;
  }
}

/** The driver that is at work now, or may be. */
export function activeDriver(tracker: Tracker): Tracker["driver"] {
  const driver = tracker.driver;
  if (driver === undefined || driver.endedAt !== undefined) return undefined;
  return livenessOf(driver.identity) === "dead" ? undefined : driver;
}

async function takeTheWheel(orchard: Orchard, command: string, options: DriverOptions): Promise<number> {
  const seen = await orchard.tracker();
  refuseWhileActive(seen);
  const intent = { identity: ownIdentity(), command, options };
  const { outcome } = await record(orchard, `${command}: driver starts`, (tracker) => {
    if (tracker.epoch !== seen.epoch) refuseWhileActive(tracker);
    return startDriver(tracker, intent);
  });
  return outcome;
}

function refuseWhileActive(tracker: Tracker): void {
  const driver = activeDriver(tracker);
  if (driver === undefined) return;
  throw driverActive({ pid: driver.identity.pid, startedAt: driver.startedAt, command: driver.command });
}

async function leave(orchard: Orchard, epoch: number, why: string): Promise<void> {
  await record(orchard, `driver ends: ${why}`, (tracker) => endDriver(tracker, { epoch, why }));
}
