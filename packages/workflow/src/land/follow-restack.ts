import { followMoves, followRestack, type Lane, requireLane } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import { taskWorktreeOf } from "./own-tasks.ts";

/**
 * The lane with the head that our own recorded changes made of its finished work: a restack after it was completed. What
 * else was committed there since is not looked at.
 */
export async function withRestackedHead(driver: Driver, lane: Lane): Promise<Lane> {
  const { progress } = (await driver.orchard.folded()).state;
  const worktree = await taskWorktreeOf(driver.orchard, progress, lane);
  if (worktree === undefined || lane.work === undefined) return lane;
  const from = lane.work.head;
  const head = followMoves(worktree, from);
  if (head === from) return lane;
  await driver.record(`lane ${lane.id}: its work is restacked to ${head.slice(0, 10)}`, (tracker) =>
    followRestack(tracker, { lane: lane.id, from, head }),
  );
  return requireLane(await driver.orchard.tracker(), lane.id);
}
