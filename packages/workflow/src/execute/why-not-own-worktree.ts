import { type Lane, lanesInOrder, requireHome } from "@orchard/tracker-core";
import { readWorktrees, requireWorktree } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { type Shortfall, worktreeDamaged } from "./shortfall.ts";

/**
 * Why nothing may start in a lane's folder: it is gone, or the base or another lane's branch is checked out in it. A
 * branch that its agent made is for the agent to leave. Throws `WORKTREE_TAMPERED` and `NOT_A_WORKTREE` where git would
 * not take it for the lane's own: without its `.git` file git finds the person's checkout above it, and commits there.
 */
export async function whyNotOwnWorktree(orchard: Orchard, lane: Lane, folder: string): Promise<Shortfall | undefined> {
  if (!(await pathExists(folder))) return worktreeDamaged(`the worktree ${folder} is gone`);
  const repository = await orchard.repository();
  const place = await requireWorktree(repository, folder);
  const branch = (await readWorktrees(repository)).byPath(place.root)?.branch;
  const own = lane.worktree?.branch;
  if (branch === undefined || branch === `refs/heads/${own}`) return undefined;
  const tracker = await orchard.tracker();
  const others = lanesInOrder(tracker).map(({ worktree }) => `refs/heads/${worktree?.branch}`);
  if (![requireHome(tracker).base, ...others].includes(branch)) return undefined;
  const reason = `${folder} is on ${branch}, where others work; go back to its own there: git switch ${own}`;
  return { cause: "wrong-branch", reason, final: true };
}
