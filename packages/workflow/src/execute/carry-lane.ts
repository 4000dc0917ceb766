import { assertNever, isOrchardError, type LaneId } from "@orchard/kernel";
import {
  canGoOn,
  findLane,
  isDoneInLane,
  isWaiting,
  type Lane,
  laneTasks,
  moveLane,
  recordStopped,
  requireLane,
} from "@orchard/tracker-core";
import { equipLane } from "../environment/equip-lane.ts";
import type { Driver } from "../orchard/driver.ts";
import { agentOrFailure } from "./agent-or-failure.ts";
import { awaitEnd } from "./await-end.ts";
import { awaitStart } from "./await-start.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import { prepareWorktree } from "./prepare-worktree.ts";
import { settleAttempt } from "./settle-attempt.ts";
import { startAttemptOf } from "./start-attempt-of.ts";

/**
 * Takes a lane from wherever it stands to its end, one recorded step after the other. Because each step begins
 * by looking at the record and at the world, taking up what a dead driver left is the same walk. Returns early
 * when the person interrupts or a retry must wait.
 */
export async function carryLane(driver: Driver, id: LaneId, options: ExecuteOptions): Promise<void> {
  while (!driver.interrupted.aborted) {
    const lane = findLane(await driver.orchard.tracker(), id);
    // An undo took it out before anything was done for it.
    if (lane === undefined) return;
    if (lane.stopRequested !== undefined && nothingRuns(lane)) return stopped(driver, lane);
    switch (lane.state) {
      case "pending":
      case "preparing":
        await prepareIfAnybodyWorks(driver, lane, options);
        break;
      case "ready":
      case "retrying":
        if (lane.worktree === undefined) await prepareIfAnybodyWorks(driver, lane, options);
        else await startUnlessOvertaken(driver, lane, options);
        break;
      case "intended":
        await awaitStart(driver, lane);
        break;
      case "parked":
        if (!(await goesOn(driver, lane, options))) return;
        break;
      case "running":
        await awaitEnd(driver, lane);
        break;
      case "settling":
        await settleAttempt(driver, lane, options);
        if (isWaiting(requireLane(await driver.orchard.tracker(), id))) return;
        break;
      case "completed":
      case "failed":
      case "stopped":
        return;
      default:
        assertNever(lane.state);
    }
  }
}

/** A parked lane: with all its tasks done by others what its agent left is judged; with nothing to do it stays. */
async function goesOn(driver: Driver, lane: Lane, options: ExecuteOptions): Promise<boolean> {
  const { state, at } = await driver.orchard.folded();
  const tasks = laneTasks(state.progress, lane, at);
  if (!canGoOn(tasks)) return false;
  if (tasks.every(isDoneInLane)) {
    await driver.record(`lane ${lane.id}: its tasks are done`, (tracker) =>
      moveLane(tracker, { type: "lane-unparked", lane: lane.id }),
    );
  } else if (lane.worktree === undefined) await prepareIfAnybodyWorks(driver, lane, options);
  else await startUnlessOvertaken(driver, lane, options);
  return true;
}

/** A worktree is made for nobody: a lane that can get no agent fails before. */
async function prepareIfAnybodyWorks(driver: Driver, lane: Lane, { agent }: ExecuteOptions): Promise<void> {
  if ((await agentOrFailure(driver, lane, agent)) !== undefined) await prepareWorktree(driver, lane);
}

/** Somebody stopped the lane just now, or its worktree could not be set up: the loop looks again. */
async function startUnlessOvertaken(driver: Driver, lane: Lane, options: ExecuteOptions): Promise<void> {
  try {
    const equipped = await equipLane(driver, lane);
    if (equipped?.state === lane.state) await startAttemptOf(driver, equipped, options);
  } catch (error) {
    if (!isOrchardError(error, "LANE_BUSY")) throw error;
  }
}

function nothingRuns(lane: Lane): boolean {
  return lane.state === "preparing" || lane.state === "ready" || isWaiting(lane);
}

async function stopped(driver: Driver, lane: Lane): Promise<void> {
  const reason = lane.stopRequested?.reason ?? "stopped";
  await driver.record(`lane ${lane.id} stopped`, (tracker) => recordStopped(tracker, { lane: lane.id, reason }));
  driver.orchard.ports.report({ type: "lane-stopped", lane: lane.id, reason });
}
