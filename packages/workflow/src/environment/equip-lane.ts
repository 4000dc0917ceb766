import { createHash } from "node:crypto";
import { join } from "node:path";
import { canonicalJson, isOrchardError } from "@orchard/kernel";
import { type Lane, moveLane, requireLane } from "@orchard/tracker-core";
import type { Config } from "../config/config.ts";
import { failAttempt } from "../execute/fail-attempt.ts";
import { laneFault } from "../execute/lane-fault.ts";
import { whenStopIsAsked } from "../execute/when-stop-is-asked.ts";
import { whyNotOwnWorktree } from "../execute/why-not-own-worktree.ts";
import type { Driver } from "../orchard/driver.ts";
import type { Worker } from "../orchard/worker.ts";
import { placeTrackerAccess } from "../seed/place-tracker-access.ts";
import { portsFor } from "./allocate-ports.ts";
import { bringInIgnored, readInclude } from "./bring-in-ignored.ts";
import { describeFailure, runSetUp } from "./run-set-up.ts";
import { environmentName } from "./variables.ts";

/**
 * Gives a lane's worktree what work in it needs, before each attempt: ports of its own; then, once, ignored files and
 * the set-up command. Each is done, then recorded; a driver that takes up what a dead one left finds what was done. A
 * folder that is the lane's worktree no more fails the lane. The lane as it is then; `undefined` when it failed, was
 * stopped or the person interrupted: the carrier looks again.
 */
export async function equipLane(driver: Driver, lane: Lane): Promise<Lane | undefined> {
  const folder = join(driver.orchard.place.mainRoot, lane.worktree?.path ?? "");
  const { config } = await driver.orchard.config();
  using stop = whenStopIsAsked(driver, lane);
  const worker: Worker = { ...driver, interrupted: AbortSignal.any([driver.interrupted, stop.signal]) };
  try {
    const damage = await whyNotOwnWorktree(driver.orchard, lane, folder);
    if (damage !== undefined) {
      await failAttempt(driver, lane, damage);
      return undefined;
    }
    await placeTrackerAccess(driver.orchard, folder);
    if (!(await allocate(driver, lane, folder, config))) return undefined;
    if (!(await setUp(driver, worker, lane, folder, config))) return undefined;
  } catch (error) {
    const cause = isOrchardError(error, "PORTS_EXHAUSTED") ? "ports-exhausted" : "setup-failed";
    const fault = laneFault(error, { folder, cause });
    if (fault === undefined) throw error;
    await failAttempt(driver, lane, { ...fault, final: true });
    return undefined;
  }
  return requireLane(await driver.orchard.tracker(), lane.id);
}

async function allocate(driver: Driver, lane: Lane, folder: string, config: Config): Promise<boolean> {
  const { orchard } = driver;
  const ports = await portsFor(orchard, folder, config.ports);
  const known = lane.worktree?.environment?.ports ?? {};
  if (canonicalJson({ ...known }) === canonicalJson({ ...ports })) return true;
  const name = environmentName(orchard.place, folder);
  const step = { type: "environment-allocated", lane: lane.id, ports, name } as const;
  const told = Object.entries(ports).map(([variable, port]) => `${variable}=${port}`);
  const describe = `lane ${lane.id}: ports ${told.join(", ")}`;
  const outcome = await driver.record(describe, (tracker) => moveLane(tracker, step));
  if (outcome === "recorded") orchard.ports.report({ type: "ports-allocated", lane: lane.id, ports });
  return outcome === "recorded";
}

async function setUp(driver: Driver, worker: Worker, lane: Lane, folder: string, config: Config): Promise<boolean> {
  const { orchard } = driver;
  const before = lane.worktree?.setUp;
  const command = config.setup;
  const key = keyOf(command);
  const isFirst = before === undefined;
  if (!isFirst && (command === undefined || before === key)) return true;
  const brings = isFirst && (await readInclude(orchard.place.mainRoot)) !== undefined;
  if (!brings && command === undefined) return true;
  const subject = lane.id;
  if (brings && !(await bringInIgnored(worker, { subject, folder, existing: "keep" }))) return false;
  let elapsedMs = 0;
  if (command !== undefined) {
    const outcome = await runSetUp(worker, { subject, folder, command, key });
    if (outcome.kind === "interrupted") return false;
    if (outcome.kind === "failed") {
      const reason = describeFailure(command, outcome.result, config.limits.setup);
      await failAttempt(driver, lane, { cause: "setup-failed", reason, final: true });
      return false;
    }
    if (outcome.kind === "done") elapsedMs = outcome.elapsedMs;
  }
  const step = { type: "worktree-set-up", lane: lane.id, key, elapsedMs } as const;
  const outcome = await driver.record(`lane ${lane.id}: worktree set up`, (tracker) => moveLane(tracker, step));
  if (outcome === "recorded") orchard.ports.report({ type: "worktree-set-up", lane: lane.id, elapsedMs });
  return outcome === "recorded";
}

function keyOf(command: Config["setup"]): string {
  return createHash("sha256")
    .update(canonicalJson(command ?? null))
    .digest("hex")
    .slice(0, 16);
}
