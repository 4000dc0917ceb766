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
import { settleUndo } from "./settle-undo.ts";

/** What an undo took back, or would (`planned`); `finished`: only an earlier one was brought to its end. */
export interface Undone {
  readonly kind: "planned" | "undone" | "finished";
  readonly plan: UndoPlan;
  readonly operations: readonly (Pick<Operation, "id" | "command" | "at"> & { readonly what: string })[];
  /** Why what landed is taken back by a new commit and not moved back. */
  readonly why?: string | undefined;
  /** Where what had landed stays pinned. */
  readonly rescue?: string | undefined;
}

/**
 * Takes operations back, the newest first: refs, worktrees and tracker are what they were, and whatever is left behind is
 * pinned. An undo that a crash cut off is finished instead, and nothing more (`finished`). `dryRun`: only says what it would
 * do. Throws `UNDO_REFUSED`, `UNDO_ACTIVE`, `NOTHING_TO_UNDO`, `UNKNOWN_OPERATION`, `UNDO_CONFLICT`, `UNDO_RED`.
 */
export async function undoOperations(
  worker: Worker,
  wish: UndoWish,
  options: { readonly dryRun: boolean; readonly revert: boolean },
): Promise<Undone> {
  const { orchard, interrupted } = worker;
  if (!options.dryRun) {
    const left = await settleUndo(orchard, interrupted);
    if (left !== undefined) return { kind: "finished", plan: left, operations: [] };
  }
  const operations = await readOperations(orchard);
  const { undos = 0 } = operations.tracker;
  const chosen = chooseOperations(operations, wish);
  const id = newOperationId("undo", orchard.ports.token());
  const { plan, why } = await planUndo(worker, chosen, { id, revert: options.revert });
  const told = chosen.map((one) => ({ id: one.id, command: one.command, at: one.at, what: sayOperation(one) }));
  if (options.dryRun) return { kind: "planned", plan, operations: told, why };
  const rescue = await pin(worker, plan);
  await record(asOperation(orchard, id), `undo of ${plan.operations.join(", ")} begins`, (tracker) =>
    intendUndo(tracker, { plan, undos }),
  );
  const outcome = await carryOutUndo(worker, plan);
  if (outcome.kind === "abandoned") {
    const hint = "Clear what is in the way, then: orch undo; or let a new commit take it back: orch undo --revert";
    throw undoRefused([outcome.reason], hint);
  }
  return { kind: "undone", plan, operations: told, why, rescue };
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
