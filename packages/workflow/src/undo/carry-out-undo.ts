import { isOrchardError, type LaneId } from "@orchard/kernel";
import { abandonUndo, findLane, recordUndo, requireHome, requireLane, type UndoPlan } from "@orchard/tracker-core";
import { landedRef, parseOid, parseRef, recoverAdvance, retreatBranch } from "@orchard/worktree-git";
import { restoreWorktree } from "../clean/restore-worktree.ts";
import { setAsideFolder } from "../clean/set-aside.ts";
import { underBaseLock } from "../land/base-lock.ts";
import { followBase, whatIsInTheWay } from "../land/follow-base.ts";
import { ownTasks } from "../land/own-tasks.ts";
import { asOperation } from "../orchard/open-orchard.ts";
import type { Worker } from "../orchard/worker.ts";
import { besideDriver } from "../orchard/worker.ts";
import { noteUnlandedTasks } from "./note-unlanded-tasks.ts";

export type CarriedOut =
  | { readonly kind: "done" }
  /** Somebody came in between; what was moved is as it was, or as that one left it. */
  | { readonly kind: "abandoned"; readonly reason: string };

/**
 * Takes the steps of an announced undo in the world, then on record. Every step first looks whether it was taken
 * already, so whoever finds the announcement of a process that died comes to the same end.
 */
export async function carryOutUndo({ orchard, interrupted }: Worker, plan: UndoPlan): Promise<CarriedOut> {
  const worker = besideDriver(asOperation(orchard, plan.id), interrupted);
  const stale = await moveLanded(worker, plan);
  if (stale !== undefined) {
    await worker.record("undo abandoned", (tracker) => abandonUndo(tracker, { id: plan.id, reason: stale }));
    await followBase(worker);
    return { kind: "abandoned", reason: stale };
  }
  await moveWorktrees(worker, plan);
  const { progress } = (await worker.orchard.folded()).state;
  const tasksOf = (id: LaneId) =>
    ownTasks(progress, { id }).flatMap(({ spec, task, work }) =>
      work.commit === undefined ? [] : [{ spec, task, commit: work.commit }],
    );
  await noteUnlandedTasks(worker.orchard, plan);
  await worker.record(`undo of ${plan.operations.join(", ")}`, (tracker) => recordUndo(tracker, plan.id, tasksOf));
  // Once more: until that record somebody who looked could still take them for landed.
  await noteUnlandedTasks(worker.orchard, plan);
  if (plan.landing !== undefined && plan.landing.how !== "rewind") await followBase(worker);
  return { kind: "done" };
}

/** Why it cannot be done any more. */
async function moveLanded(worker: Worker, { landing }: UndoPlan): Promise<string | undefined> {
  if (landing === undefined) return undefined;
  const { orchard } = worker;
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  const [from, to] = [parseOid(landing.from), parseOid(landing.to)];
  return underBaseLock(orchard, "undo", async () => {
    const landed = await repository.resolve(landedRef(base));
    if (landed !== from && landed !== to) return "other work landed meanwhile";
    // The branch first: if somebody's work is in its way, nothing else has moved yet.
    if (landing.base !== undefined) {
      await recoverAdvance(repository);
      const retreat = await retreatBranch(repository, base, { from: parseOid(landing.base), to });
      if (retreat.kind === "stale") return "the base branch moved meanwhile";
      if (retreat.kind === "blocked") return `${whatIsInTheWay(retreat.checkout, retreat.by)}`;
    }
    const moved = await repository.moveRef(landedRef(base), to, from, `orch: ${landing.how}`);
    const isThere = moved === "moved" || (await repository.resolve(landedRef(base))) === to;
    return isThere ? undefined : "other work landed meanwhile";
  });
}

async function moveWorktrees(worker: Worker, { steps }: UndoPlan): Promise<void> {
  const { orchard } = worker;
  for (const step of steps) {
    const lane = findLane(await orchard.tracker(), step.lane);
    if (step.kind === "restore" && lane?.setAside?.number === step.number && lane.worktree === undefined)
      await restore(worker, { name: step.lane, number: step.number });
    if (step.kind === "setAside" && lane?.worktree?.path === step.path)
      await setAsideFolder(orchard, requireLane(await orchard.tracker(), step.lane), { path: step.path, why: "undo" });
  }
}

/** One whose files are gone for good cannot come back; the rest of the undo goes on. */
async function restore(worker: Worker, key: { readonly name: string; readonly number: number }): Promise<void> {
  try {
    await restoreWorktree(worker, key);
  } catch (error) {
    if (!isOrchardError(error) || error.kind === "internal") throw error;
    worker.orchard.ports.report({ type: "warning", text: error.message, hint: error.hint ?? "orch rescue list" });
  }
}
