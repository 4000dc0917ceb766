import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import type { Lane } from "@orchard/tracker-core";
import { requireWorktree } from "@orchard/worktree-git";
import { goneAlready, wasNeverMade } from "../clean/set-aside.ts";
import { worktreeUnusable } from "../errors.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";

/**
 * Throws `WORKTREE_UNUSABLE` when another try of the lane could not begin: its worktree is gone or, where it is to go on
 * in it, not `fresh`, git would not take it for the lane's own.
 */
export async function requireUsable(orchard: Orchard, lane: Lane, { fresh }: { readonly fresh: boolean }) {
  const path = lane.worktree?.path;
  if (path === undefined || (await wasNeverMade(orchard, lane))) return;
  const folder = join(orchard.place.mainRoot, path);
  if (!(await pathExists(folder))) {
    if ((await goneAlready(orchard, lane, path)) !== undefined) return;
    throw worktreeUnusable(lane.id, `the worktree ${folder} is gone, and no command of Orchard's took it away.`);
  }
  try {
    await requireWorktree(await orchard.repository(), folder);
  } catch (error) {
    if (!isOrchardError(error)) throw error;
    const isDamage = error.code === "NOT_A_WORKTREE" || (error.code === "WORKTREE_TAMPERED" && !fresh);
    if (isDamage) throw worktreeUnusable(lane.id, error.message, error);
    if (error.code !== "WORKTREE_TAMPERED") throw error;
  }
}
