import { abandonMove, confirmMove, findTaskWorktree } from "@orchard/tracker-core";
import { advanceCheckout, inspectWorktree, type Oid, parseOid, recoverAdvance } from "@orchard/worktree-git";
import type { TaskDesk } from "./desk.ts";
import { worktreeChanged } from "./errors.ts";
import { recordProgress } from "./record-progress.ts";

/**
 * Finishes a change of this checkout that an ended command announced: what stands at the announced commit is confirmed,
 * what never left is taken there, and what somebody moved elsewhere meanwhile is given up.
 */
export async function settleMove(desk: TaskDesk): Promise<void> {
  const { orchard, asker } = desk;
  const { worktree, path } = asker.place;
  const move = findTaskWorktree((await orchard.folded()).state.progress, worktree)?.move;
  if (move === undefined) return;
  const repository = await orchard.repository();
  await recoverAdvance(repository);
  const { head } = await inspectWorktree(repository, path);
  const to = parseOid(move.to);
  if (head === move.from) await takeThere(desk, { from: parseOid(move.from), to });
  else if (head !== undefined && (await repository.isAncestor(to, head))) await confirm(desk);
  else await giveUp(desk, "the worktree was moved elsewhere meanwhile");
}

/** Moves the checkout as announced. Throws `WORKTREE_CHANGED` when something is in the way; then nothing was moved. */
export async function takeThere(desk: TaskDesk, move: { readonly from: Oid; readonly to: Oid }): Promise<void> {
  const { orchard, asker } = desk;
  const { path } = asker.place;
  const moved = await advanceCheckout(await orchard.repository(), { worktree: path, ...move });
  if (moved.kind === "advanced") return confirm(desk);
  const what = moved.by.map(({ what: word, paths }) => [word, ...paths.slice(0, 5)].join(" ")).join("; ");
  await giveUp(desk, what);
  throw worktreeChanged(path, what);
}

async function confirm({ orchard, asker }: TaskDesk): Promise<void> {
  const { worktree, path } = asker.place;
  await recordProgress(orchard, `code was brought into ${path}`, (progress) => confirmMove(progress, worktree));
}

async function giveUp({ orchard, asker }: TaskDesk, why: string): Promise<void> {
  const { worktree, path } = asker.place;
  await recordProgress(orchard, `nothing was brought into ${path}: ${why}`, (progress) =>
    abandonMove(progress, worktree, why),
  );
}
