import { join } from "node:path";
import { intendUndo, type UndoPlan } from "@orchard/tracker-core";
import { parseOid, pinCommit, pinWorktree } from "@orchard/worktree-git";
import { asOperation } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { record } from "../orchard/record.ts";
import type { Worker } from "../orchard/worker.ts";
import { carryOutUndo } from "./carry-out-undo.ts";
import { chooseOperations, type UndoWish } from "./choose-operations.ts";
import { undoRefused } from "./errors.ts";
import { newOperationId, type Operation } from "./operation.ts";
import { planUndo } from "./plan-undo.ts";
import { readOperations } from "./read-operations.ts";
import { sayOperation } from "./say-operation.ts";
import { finishUndo } from "./settle-undo.ts";
import { whyNotNow } from "./why-not-now.ts";

/** What an undo took back, or would (`planned`); `finished`: only an earlier one was brought to its end. */
export interface Undone {
  readonly kind: "planned" | "undone" | "finished";
  readonly plan: UndoPlan;
  readonly operations: readonly (Pick<Operation, "id" | "command" | "at"> & { readonly what: string })[];
  /** Why what landed is taken back by a new commit and not moved back. */
  readonly why?: string | undefined;
  /** That commit was looked at by no verify command. */
  readonly isUnverified?: boolean;
  /** Where what had landed stays pinned. */
  readonly rescue?: string | undefined;
  /** Steps that could not be taken any more, each with its reason. */
  readonly untaken?: readonly string[];
}

export interface UndoOptions {
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly revert: boolean;
  readonly allowRedBase?: boolean | undefined;
  /** Asked with the plan before anything is done; what it returns for is done, just as it was shown. */
  readonly agree?: (planned: Undone) => Promise<void>;
}

/**
 * Takes operations back, the newest first: refs, worktrees and tracker are what they were, and whatever is left behind is
 * pinned. An undo that a crash cut off is finished instead, and nothing more (`finished`). Throws `UNDO_REFUSED`,
 * `UNDO_ACTIVE`, `UNDO_AT_WORK`, `NOTHING_TO_UNDO`, `UNKNOWN_OPERATION`, `UNDO_CONFLICT`, `UNDO_RED`, and what `agree`
 * throws.
 */
export async function undoOperations(worker: Worker, wish: UndoWish, options: UndoOptions): Promise<Undone> {
  const { orchard, interrupted } = worker;
  const left = options.dryRun ? undefined : await finishUndo(orchard, interrupted);
  if (left !== undefined) {
    const { plan, outcome } = left;
    if (outcome.kind === "abandoned")
      throw undoRefused([`${plan.id}, which was cut off, took nothing back: ${outcome.reason}`]);
    return { kind: "finished", plan, operations: [], untaken: outcome.untaken };
  }
  const operations = await readOperations(orchard);
  const { undos = 0 } = operations.tracker;
  const chosen = chooseOperations(operations, wish);
  const asked = `orch undo ${chosen.length === 1 ? chosen[0]?.id : chosen.length}`;
  const id = newOperationId("undo", orchard.ports.token());
  const { revert, allowRedBase } = options;
  const { plan, why, isUnverified } = await planUndo(worker, chosen, { id, revert, allowRedBase, asked });
  const told = chosen.map((one) => ({ id: one.id, command: one.command, at: one.at, what: sayOperation(one) }));
  const planned = { kind: "planned", plan, operations: told, why, isUnverified } as const;
  if (options.dryRun) return planned;
  await options.agree?.(planned);
  const rescue = await pin(worker, plan);
  await record(asOperation(orchard, id), `undo of ${plan.operations.join(", ")} begins`, (tracker) => {
    const announced = intendUndo(tracker, { plan, undos });
    // To plan takes time, and to agree: lanes may have gone on.
    const reasons = whyNotNow(tracker, chosen);
    if (reasons.length > 0) throw undoRefused(reasons);
    return announced;
  });
  const outcome = await carryOutUndo(worker, plan);
  if (outcome.kind === "abandoned") {
    const revertHint = plan.landing === undefined ? "" : `; or let a new commit take it back: ${asked} --revert`;
    throw undoRefused([outcome.reason], `Clear what is in the way, then: ${asked}${revertHint}`);
  }
  return { ...planned, kind: "undone", rescue, untaken: outcome.untaken };
}

/** Before anything moves. Pinned once more after a crash does no harm. */
async function pin({ orchard }: Worker, plan: UndoPlan): Promise<string | undefined> {
  const repository = await orchard.repository();
  const tracker = await orchard.tracker();
  for (const { lane } of plan.steps.filter(({ kind }) => kind === "putBack")) {
    const path = tracker.lanes[lane]?.worktree?.path;
    const folder = path === undefined ? undefined : join(orchard.place.mainRoot, path);
    if (folder !== undefined && (await pathExists(folder))) await pinWorktree(repository, { path: folder, name: lane });
  }
  if (plan.landing === undefined) return undefined;
  return pinCommit(repository, { name: "undo", commit: parseOid(plan.landing.from) });
}
