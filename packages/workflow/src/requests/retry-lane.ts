import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { happened, type Lane, requestRetry, requireLane } from "@orchard/tracker-core";
import { advanceCheckout, inspectWorktree, parseOid, recoverAdvance } from "@orchard/worktree-git";
import { mergeTicked } from "../land/merge-ticked.ts";
import { newestBase } from "../land/newest-base.ts";
import { startTakenOut } from "../land/taken-out.ts";
import { taskFilesOf } from "../land/tick.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { record } from "../orchard/record.ts";
import { requireUsable } from "./require-usable.ts";

/** Whether a lane is tried again; `nothing`: it was to start anyway. */
export interface Retried {
  readonly outcome: "retrying" | "nothing";
  /** The kept work was brought onto what has landed since. */
  readonly broughtForward: boolean;
}

/**
 * Another try for a lane: from its kept work, brought onto the newer base when that goes without a conflict, or
 * from the base itself (`fresh`: the old worktree is set aside and can be restored). Taken up by the running
 * driver, else by the next `execute` or `resume`. Throws `WORKTREE_UNUSABLE`.
 */
export async function retryLane(orchard: Orchard, id: LaneId, options: { readonly fresh: boolean }): Promise<Retried> {
  const { config } = await orchard.config();
  const before = requireLane(await orchard.tracker(), id);
  const intent = { lane: id, fresh: options.fresh, attempts: config.attempts };
  // The decision alone, first: what is refused must not touch the worktree.
  const decided = requestRetry(await orchard.tracker(), intent);
  if (decided.outcome === "retrying") await requireUsable(orchard, before, options);
  const broughtForward = !options.fresh && (await bringForward(orchard, before));
  const { outcome } = await record(orchard, `retry ${id}${options.fresh ? " --fresh" : ""}`, (tracker) =>
    requestRetry(tracker, intent),
  );
  return { outcome, broughtForward };
}

async function bringForward(orchard: Orchard, lane: Lane): Promise<boolean> {
  if (lane.worktree === undefined || lane.state === "pending" || lane.state === "retrying") return false;
  const repository = await orchard.repository();
  const folder = join(orchard.place.mainRoot, lane.worktree.path);
  await recoverAdvance(repository);
  const seen = await inspectWorktree(repository, folder);
  const landed = await newestBase(orchard);
  const onBranch = seen.branch === `refs/heads/${lane.worktree.branch}` && seen.operation === undefined;
  if (!seen.intact || !onBranch || seen.head === undefined) return false;
  if (await repository.isAncestor(landed, seen.head)) return recordForward(orchard, lane, { head: seen.head, landed });
  const hub = await orchard.hub();
  const { progress } = (await orchard.folded()).state;
  // Without its own start the merge would take the lane's work out where others had taken it out.
  const base = await startTakenOut(orchard, lane, { landed, theirs: seen.head, progress });
  const request = { ours: seen.head, theirs: landed, ...(base === undefined ? {} : { base }) };
  const merged = await mergeTicked(hub, request, taskFilesOf(progress));
  if (merged.kind !== "merged") return false;
  const commit = await hub.commit({
    tree: merged.tree,
    parents: [seen.head, landed],
    message: `Bring ${lane.id} onto what has landed\n`,
    author: await repository.identity(),
  });
  await repository.makeDurable(commit, landed);
  const moved = await advanceCheckout(repository, { worktree: folder, from: seen.head, to: commit });
  if (moved.kind === "blocked") return false;
  return recordForward(orchard, lane, { head: commit, landed });
}

/** Also when an earlier `retry` died between bringing it forward and saying so. */
async function recordForward(
  orchard: Orchard,
  lane: Lane,
  { head, landed }: { readonly head: string; readonly landed: string },
): Promise<boolean> {
  const start = await startAfter(orchard, lane, landed);
  if (start === lane.worktree?.start) return false;
  await record(orchard, `lane ${lane.id}: its kept work is brought onto what has landed`, () =>
    happened({ type: "worktree-updated", lane: lane.id, head, start }),
  );
  return true;
}

/** The lane's own work is what came after its start; with the newer base brought in, after that. */
async function startAfter(orchard: Orchard, lane: Lane, landed: string): Promise<string> {
  const start = lane.worktree?.start ?? landed;
  const repository = await orchard.repository();
  return (await repository.isAncestor(parseOid(start), parseOid(landed))) ? landed : start;
}
