import {
  type BroughtTask,
  findDefinition,
  findTask,
  findTaskWorktree,
  intendMove,
  type OutOfStep,
  outOfStep,
  type Progress,
  requireSpec,
  type TaskWorktree,
  type WorktreeMove,
} from "@orchard/tracker-core";
import { type Hub, type Oid, parseOid } from "@orchard/worktree-git";
import { atDesk } from "./at-desk.ts";
import { nameOf } from "./brought.ts";
import { compose, type Wanted } from "./compose.ts";
import { whatIsMissing } from "./compose-start.ts";
import { endResolve, endTakenIn, offerResolve, readResolution, refuseInResolve } from "./conflict-worktree.ts";
import type { TaskDesk } from "./desk.ts";
import { nothingToContinue, notResolvedYet, worktreeChanged } from "./errors.ts";
import { flagsOf } from "./flags.ts";
import { followProofs } from "./follow-proofs.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import type { Flag, RestackOutcome } from "./outcomes.ts";
import { heldHere } from "./own-work.ts";
import { partsToReplace } from "./parts-to-replace.ts";
import { pinFollowed } from "./pin-commit.ts";
import { refreshSpecs } from "./read-specs.ts";
import { recordProgress } from "./record-progress.ts";
import { settleMove, takeThere } from "./settle-move.ts";
import { sightWorld } from "./sight-world.ts";
import { type Here, whatIsHere } from "./what-is-here.ts";

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
  refuseInResolve(desk, (await orchard.folded()).state.progress);
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
  const { worktree } = asker.place;
  const hub = await orchard.hub();
  const flags = flagsOf(progress, worktree);
  const needs = await needsHere(hub, progress, from);
  const isInStep = needs.replace.length === 0 && needs.bring.length === 0;
  if (isInStep && !from.isResolved && isKnown(needs.here.brought, from.record.brought)) {
    return { kind: "nothing", waitingFor: flags.filter(({ restack: can }) => !can) };
  }
  const composed = await compose(hub, progress, { head: from.head, here: needs.here, wanted: needs });
  if (composed.kind === "conflicted") {
    return offerResolve(desk, progress, { head: from.start, composed, resolve: "hand" });
  }
  const { to, brought } = composed;
  const parts = allReplaced(progress, { ...from.record, brought: needs.here.brought });
  const followed = await followProofs(hub, progress, { worktree, head: from.start, to, parts });
  await pinFollowed(await orchard.repository(), followed);
  await moveThere(desk, { why: "restack", from: from.start, to, brought, ...followed }, flags);
  if (from.isResolved) await endResolve(desk, "resolved");
  const missing = needs.bring.map(
    ({ spec, task, commit }) => ({ spec, task, commit, why: "missing", restack: true }) as const,
  );
  const replaced = flags.filter(({ restack: can, task }) => can && brought.some((part) => part.task === task));
  return { kind: "restacked", from: from.start, to, replaced: [...replaced, ...missing] };
}

async function moveThere(desk: TaskDesk, move: WorktreeMove, flags: readonly Flag[]): Promise<void> {
  const { orchard, asker } = desk;
  const { worktree, path } = asker.place;
  if (move.to === move.from) {
    await recordProgress(orchard, `${path} contains what it should`, () => ({
      facts: [{ type: "worktree-contents-seen", worktree, brought: move.brought }],
      outcome: null,
    }));
    return;
  }
  await recordProgress(orchard, `${path} is restacked: ${flags.map(sayFlag).join(", ")}`, (now) =>
    intendMove(now, asker.place, move),
  );
  await takeThere(desk, { from: parseOid(move.from), to: parseOid(move.to) });
}

/**
 * What the worktree's tasks need: parts that are another by now, and dependencies of the tasks that are worked on here which
 * a reset, a rebase or another branch left behind.
 */
async function needsHere(
  hub: Hub,
  progress: Progress,
  { head, record }: From,
): Promise<Wanted & { readonly here: Here }> {
  const here = await whatIsHere(hub, progress, { head, record });
  let needs: Wanted & { readonly here: Here } = { replace: [], bring: [], here };
  for (const { spec, task } of heldHere(progress, record.id)) {
    const definition = findDefinition(requireSpec(progress, spec), task);
    const checked = (definition?.dependsOn ?? []).map((on) => ({
      task: on,
      commit: findTask(progress, spec, on)?.work?.commit,
    }));
    const more = await whatIsMissing(hub, progress, { spec, checked, head, record, here: needs.here });
    const bring = more.bring.filter((one) => !needs.bring.some((other) => nameOf(other) === nameOf(one)));
    needs = { replace: [], bring: [...needs.bring, ...bring], here: more.here };
  }
  const replace = await partsToReplace(hub, progress, { ...record, brought: needs.here.brought });
  return { ...needs, replace };
}

function isKnown(now: readonly BroughtTask[], before: readonly BroughtTask[]): boolean {
  return now.length === before.length && now.every((part, index) => part === before[index]);
}

/** Every replacement that concerns the worktree as it was: what its own finished tasks are proved by follows it. */
function allReplaced(progress: Progress, record: TaskWorktree): readonly OutOfStep[] {
  return outOfStep(progress, record).filter(({ replacement }) => replacement !== undefined);
}

function sayFlag({ task, why }: Flag): string {
  return `${task} ${why}`;
}
