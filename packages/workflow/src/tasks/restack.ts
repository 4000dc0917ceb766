import {
  findTaskWorktree,
  intendMove,
  type OutOfStep,
  outOfStep,
  type Progress,
  type TaskWorktree,
  type WorktreeMove,
} from "@orchard/tracker-core";
import type { Oid } from "@orchard/worktree-git";
import { atDesk } from "./at-desk.ts";
import { compose } from "./compose.ts";
import { endResolve, endTakenIn, offerResolve, readResolution } from "./conflict-worktree.ts";
import type { TaskDesk } from "./desk.ts";
import { nothingToContinue, notResolvedYet, worktreeChanged } from "./errors.ts";
import { flagsOf } from "./flags.ts";
import { followProofs } from "./follow-proofs.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import type { Flag, RestackOutcome } from "./outcomes.ts";
import { partsToReplace } from "./parts-to-replace.ts";
import { pinFollowed } from "./pin-commit.ts";
import { refreshSpecs } from "./read-specs.ts";
import { recordProgress } from "./record-progress.ts";
import { settleMove, takeThere } from "./settle-move.ts";
import { sightWorld } from "./sight-world.ts";

/**
 * Puts in the place of every outdated dependency what its task stands for now, forward, in one step of the checkout. A
 * conflict leaves the worktree as it was and opens one of its own to resolve it in; `continue` goes on from what was
 * committed there, `abandon` puts that away, pinned. Throws `DIRTY_WORKTREE`, `OPERATION_IN_PROGRESS`,
 * `NOTHING_TO_CONTINUE`, `NOT_RESOLVED_YET`, `WORKTREE_CHANGED`.
 */
export async function restack(desk: TaskDesk, mode: RestackMode): Promise<RestackOutcome> {
  return atDesk(desk, "restack", () => replaceOutdated(desk, mode));
}

type RestackMode = "go" | "continue" | "abandon";

async function replaceOutdated(desk: TaskDesk, mode: RestackMode): Promise<RestackOutcome> {
  const { orchard, asker } = desk;
  const { worktree, path } = asker.place;
  await settleMove(desk);
  if (mode !== "abandon") await endTakenIn(desk);
  await refreshSpecs(orchard);
  const progress = await sightWorld(orchard);
  const conflict = findTaskWorktree(progress, worktree)?.conflict;
  if (mode === "abandon") {
    if (conflict === undefined) throw nothingToContinue(path);
    return { kind: "abandoned", rescue: await endResolve(desk, "abandoned") };
  }
  if (mode === "continue" && conflict === undefined) throw nothingToContinue(path);
  const head = await requireCleanHead(desk);
  const resolved = await readResolution(desk, progress, head);
  if (mode === "continue" && resolved === undefined && conflict !== undefined) {
    if (conflict.from !== head) throw worktreeChanged(path, "something was committed since the conflict was met");
    throw notResolvedYet(conflict.path, "nothing whole is committed there");
  }
  const record = findTaskWorktree(progress, worktree) ?? { id: worktree, path, brought: [] };
  const from = { head: resolved?.head ?? head, record: { ...record, brought: resolved?.brought ?? record.brought } };
  return replaceAll(desk, progress, { ...from, start: head, isResolved: resolved !== undefined });
}

interface From {
  readonly start: Oid;
  readonly head: Oid;
  readonly record: TaskWorktree;
  readonly isResolved: boolean;
}

async function replaceAll(desk: TaskDesk, progress: Progress, from: From): Promise<RestackOutcome> {
  const { orchard, asker } = desk;
  const { worktree, path } = asker.place;
  const repository = await orchard.repository();
  const parts = await partsToReplace(repository, progress, from.record);
  const flags = flagsOf(progress, worktree);
  const waitingFor = flags.filter(({ restack: can }) => !can);
  if (parts.length === 0 && !from.isResolved) return { kind: "nothing", waitingFor };
  const hub = await orchard.hub();
  const known = { ...progress, worktrees: { ...progress.worktrees, [worktree]: from.record } };
  const composed = await compose(hub, known, { head: from.head, worktree, wanted: { replace: parts, bring: [] } });
  if (composed.kind === "conflicted") {
    return offerResolve(desk, progress, { head: from.start, composed, resolve: "hand" });
  }
  const { to, brought } = composed;
  const all = allReplaced(progress, worktree);
  const followed = await followProofs(hub, progress, { worktree, head: from.start, to, parts: all });
  await pinFollowed(repository, followed);
  const move: WorktreeMove = { why: "restack", from: from.start, to, brought, ...followed };
  if (to !== from.start) {
    await recordProgress(orchard, `${path} is restacked: ${flags.map(sayFlag).join(", ")}`, (now) =>
      intendMove(now, asker.place, move),
    );
    await takeThere(desk, { from: from.start, to });
  } else {
    await recordProgress(orchard, `${path} contains what it should`, () => ({
      facts: [{ type: "work-inherited", worktree, brought }],
      outcome: null,
    }));
  }
  if (from.isResolved) await endResolve(desk, "resolved");
  return { kind: "restacked", from: from.start, to, replaced: flags.filter(({ restack: can }) => can) };
}

/** Every replacement that concerns the worktree as it was: what its own finished tasks are proved by follows it. */
function allReplaced(progress: Progress, worktree: string): readonly OutOfStep[] {
  const record = findTaskWorktree(progress, worktree);
  return record === undefined ? [] : outOfStep(progress, record).filter(({ replacement }) => replacement !== undefined);
}

function sayFlag({ task, why }: Flag): string {
  return `${task} ${why}`;
}
