import { happened, intendBaseMerge, requireHome } from "@orchard/tracker-core";
import { landedRef, type Oid, parseOid, parseRef, type RefName } from "@orchard/worktree-git";
import { baseConflict, interrupted } from "../errors.ts";
import type { Worker } from "../orchard/worker.ts";
import { awaitUndo } from "./await-undo.ts";
import { checkBase } from "./check-base.ts";
import type { LandOptions } from "./land-outcome.ts";
import { ensureLanded } from "./landed.ts";
import { mergeForLanding } from "./merge-for-landing.ts";

/**
 * Makes the landed ref contain every commit of the base branch, so that the branch can follow it fast-forward,
 * and makes sure that what it names passes the verify commands. Returns that commit. Throws `RED_BASE` before
 * any lane is blamed, unless that is allowed, and `BASE_CONFLICT` when the two contradict each other; then nothing has moved.
 */
export async function bringBaseIn(worker: Worker, options: LandOptions = {}): Promise<Oid> {
  const { orchard } = worker;
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  await settleIntended(worker, base);
  for (;;) {
    const landed = await ensureLanded(repository, base);
    const tip = await repository.resolve(base);
    if (tip === undefined || (await repository.isAncestor(tip, landed))) {
      await checkBase(worker, landed, options);
      return landed;
    }
    const candidate = await candidateWith(worker, { base, landed, tip });
    await checkBase(worker, candidate, options);
    await repository.makeDurable(candidate, landed);
    const announced = await worker.record(`base: ${short(base)} is brought into what has landed`, (tracker) =>
      intendBaseMerge(tracker, { from: landed, candidate }),
    );
    if (announced === "undoing") {
      await awaitUndo(worker);
      continue;
    }
    const moved = await repository.moveRef(landedRef(base), candidate, landed, `orch: brought in ${short(base)}`);
    if (moved === "stale") continue;
    await worker.record(`base: ${short(base)} brought in`, () =>
      happened({ type: "base-merged", from: landed, candidate }),
    );
    return candidate;
  }
}

/** A move that was announced by a process that died: the ref itself says whether it was made. */
async function settleIntended(worker: Worker, base: RefName): Promise<void> {
  const intended = (await worker.orchard.tracker()).base.intended;
  if (intended === undefined) return;
  const repository = await worker.orchard.repository();
  const landed = await ensureLanded(repository, base);
  const { from, candidate } = intended;
  const moved = await repository.isAncestor(parseOid(candidate), landed);
  const describe = moved ? "base: was brought in" : "base: was not brought in, done again";
  await worker.record(describe, () => happened({ type: "base-merged", from, candidate: moved ? candidate : from }));
}

async function candidateWith(
  worker: Worker,
  at: { readonly base: RefName; readonly landed: Oid; readonly tip: Oid },
): Promise<Oid> {
  const repository = await worker.orchard.repository();
  if (await repository.isAncestor(at.landed, at.tip)) return at.tip;
  const hub = await worker.orchard.hub();
  const { progress } = (await worker.orchard.folded()).state;
  const outcome = await mergeForLanding(worker, "base", { ours: at.landed, theirs: at.tip }, progress);
  if (outcome.kind === "interrupted") throw interrupted(0);
  if (outcome.kind === "alreadyMerged") return at.landed;
  if (outcome.kind === "conflicted") {
    const { files, reason } = outcome;
    await worker.record(`base: ${short(at.base)} conflicts with what has landed`, () =>
      happened({ type: "base-conflicted", base: at.tip, landed: at.landed, files }),
    );
    throw baseConflict(short(at.base), files, reason);
  }
  return hub.commit({
    tree: outcome.tree,
    parents: [at.landed, at.tip],
    message: `Merge ${short(at.base)} into what has landed\n`,
    author: await repository.identity(),
  });
}

export function short(ref: RefName): string {
  return ref.replace(/^refs\/heads\//, "");
}
