import { isOrchardError, type LaneId } from "@orchard/kernel";
import {
  abandonUndo,
  findLane,
  recordUndo,
  requireHome,
  requireLane,
  type UndoLanding,
  type UndoPlan,
} from "@orchard/tracker-core";
import {
  landedRef,
  type Oid,
  parseOid,
  parseRef,
  type RefName,
  type Repository,
  recoverAdvance,
  retreatBranch,
} from "@orchard/worktree-git";
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
  /** `untaken`: steps that could not be taken any more, each with its reason; what they were about is as it was. */
  | { readonly kind: "done"; readonly untaken: readonly string[] }
  /** Somebody came in between; what was moved is as it was, or as that one left it. */
  | { readonly kind: "abandoned"; readonly reason: string };

/**
 * Takes the steps of an announced undo in the world, then on record. Every step first looks whether it was taken
 * already, so whoever finds the announcement of a process that died comes to the same end. What is refused by the state of
 * things ends the undo (`abandoned`, or `untaken` steps): only a lock that is held and a fault leave it announced.
 */
export async function carryOutUndo({ orchard, interrupted }: Worker, plan: UndoPlan): Promise<CarriedOut> {
  const worker = besideDriver(asOperation(orchard, plan.id), interrupted);
  const stale = await moveLanded(worker, plan);
  if (stale !== undefined) return giveUp(worker, plan, stale);
  const untaken = await moveWorktrees(worker, plan);
  if (untaken.length > 0 && untaken.length === plan.steps.length) return giveUp(worker, plan, untaken.join("; "));
  const { progress } = (await worker.orchard.folded()).state;
  const tasksOf = (id: LaneId) =>
    ownTasks(progress, { id }).flatMap(({ spec, task, work }) =>
      work.commit === undefined ? [] : [{ spec, task, commit: work.commit }],
    );
  await noteUnlandedTasks(worker.orchard, plan);
  const { kind, wentOn } = await worker.record(`undo of ${plan.operations.join(", ")}`, (tracker) =>
    recordUndo(tracker, plan.id, tasksOf),
  );
  const stay = wentOn.map((lane) => `lane "${lane}" went on meanwhile and stays as it is`);
  if (kind === "abandoned") return { kind, reason: stay.join("; ") };
  // Once more: until that record somebody who looked could still take them for landed.
  await noteUnlandedTasks(worker.orchard, plan);
  if (plan.landing !== undefined && plan.landing.how !== "rewind") await followBase(worker);
  return { kind: "done", untaken: [...untaken, ...stay] };
}

async function giveUp(worker: Worker, { id, landing }: UndoPlan, reason: string): Promise<CarriedOut> {
  await worker.record("undo abandoned", (tracker) => abandonUndo(tracker, { id, reason }));
  if (landing !== undefined) await followBase(worker);
  return { kind: "abandoned", reason };
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
    if (landed !== from) return (await hasMoved(repository, landing, landed)) ? undefined : OTHER_WORK;
    // The branch first: if somebody's work is in its way, nothing else has moved yet.
    if (landing.base !== undefined) {
      const inTheWay = await retreat(worker, base, { from: parseOid(landing.base), to });
      if (inTheWay !== undefined) return inTheWay;
    }
    const moved = await repository.moveRef(landedRef(base), to, from, `orch: ${landing.how}`);
    const isThere =
      moved === "moved" || (await hasMoved(repository, landing, await repository.resolve(landedRef(base))));
    return isThere ? undefined : OTHER_WORK;
  });
}

const OTHER_WORK = "other work landed meanwhile";

/** By ancestry: a process that died may have moved it, and others have landed on that since. */
async function hasMoved(
  repository: Repository,
  { how, from, to }: UndoLanding,
  landed: Oid | undefined,
): Promise<boolean> {
  if (landed === undefined || !(await repository.isAncestor(parseOid(to), landed))) return false;
  return how !== "rewind" || !(await repository.isAncestor(parseOid(from), landed));
}

async function retreat(
  { orchard }: Worker,
  base: RefName,
  move: { readonly from: Oid; readonly to: Oid },
): Promise<string | undefined> {
  const repository = await orchard.repository();
  await recoverAdvance(repository);
  try {
    const retreated = await retreatBranch(repository, base, move);
    if (retreated.kind === "stale") return "the base branch moved meanwhile";
    return retreated.kind === "blocked" ? whatIsInTheWay(retreated.checkout, retreated.by) : undefined;
  } catch (error) {
    return whyRefused(error);
  }
}

/** What could not be taken, and why; nothing of it has changed. */
async function moveWorktrees(worker: Worker, { steps }: UndoPlan): Promise<readonly string[]> {
  const { orchard } = worker;
  const untaken: string[] = [];
  for (const step of steps) {
    const lane = findLane(await orchard.tracker(), step.lane);
    try {
      if (step.kind === "restore" && lane?.setAside?.number === step.number) {
        if (lane.worktree === undefined) await restoreWorktree(worker, { name: step.lane, number: step.number });
        else untaken.push(`lane "${step.lane}" has another worktree since`);
      }
      if (step.kind === "setAside" && lane?.worktree?.path === step.path)
        await setAsideFolder(orchard, requireLane(await orchard.tracker(), step.lane), {
          path: step.path,
          why: "undo",
        });
    } catch (error) {
      untaken.push(whyRefused(error));
    }
  }
  return untaken;
}

/** A lock that is held, an interruption or a fault is nothing to go on after: it is thrown on. */
function whyRefused(error: unknown): string {
  if (!isOrchardError(error) || ["lock", "interrupted", "internal"].includes(error.kind)) throw error;
  return error.message.replace(/\.$/, "");
}
