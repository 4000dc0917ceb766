import { type Command, happened, redOf, requireHome } from "@orchard/tracker-core";
import { landedRef, type Oid, parseOid, parseRef, type RefName } from "@orchard/worktree-git";
import { baseConflict, interrupted, redBase } from "../errors.ts";
import type { Worker } from "../orchard/worker.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import { ensureLanded } from "./landed.ts";
import { mergeTicked } from "./merge-ticked.ts";
import { taskFilesOf } from "./tick.ts";

/**
 * Makes the landed ref contain every commit of the base branch, so that the branch can follow it fast-forward,
 * and makes sure that what it names passes the verify commands. Returns that commit. Throws `RED_BASE` before
 * any lane is blamed, and `BASE_CONFLICT` when the two contradict each other; then nothing has moved.
 */
export async function bringBaseIn(worker: Worker): Promise<Oid> {
  const { orchard } = worker;
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  await settleIntended(worker, base);
  for (;;) {
    const landed = await ensureLanded(repository, base);
    const tip = await repository.resolve(base);
    if (tip === undefined || (await repository.isAncestor(tip, landed))) {
      await requireGreen(worker, landed);
      return landed;
    }
    const candidate = await candidateWith(worker, { base, landed, tip });
    await requireGreen(worker, candidate);
    await repository.makeDurable(candidate, landed);
    await worker.record(`base: ${short(base)} is brought into what has landed`, () =>
      happened({ type: "base-merge-intended", from: landed, candidate }),
    );
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
  const outcome = await mergeTicked(hub, { ours: at.landed, theirs: at.tip }, taskFilesOf(progress));
  if (outcome.kind === "alreadyMerged") return at.landed;
  if (outcome.kind === "conflicted") {
    const files = outcome.files.map(({ path }) => path);
    await worker.record(`base: ${short(at.base)} conflicts with what has landed`, () =>
      happened({ type: "base-conflicted", base: at.tip, landed: at.landed, files }),
    );
    throw baseConflict(short(at.base), files);
  }
  return hub.commit({
    tree: outcome.tree,
    parents: [at.landed, at.tip],
    message: `Merge ${short(at.base)} into what has landed\n`,
    author: await repository.identity(),
  });
}

async function requireGreen(worker: Worker, commit: Oid): Promise<void> {
  const { orchard } = worker;
  const { checked } = (await orchard.tracker()).base;
  const { config } = await orchard.config();
  const isCovered = (command: Command) =>
    checked?.receipts.some((receipt) => JSON.stringify(receipt.command) === JSON.stringify(command));
  if (checked?.commit === commit && checked.green && config.verify.every(isCovered)) return;
  const receipts = await verifyMerged(worker, "base", commit, config.verify);
  if (receipts === "interrupted") throw interrupted(0);
  const red = redOf(receipts);
  const green = red === undefined;
  await worker.record(`base: checked ${commit.slice(0, 10)}, ${green ? "green" : "red"}`, () =>
    happened({ type: "base-checked", commit, green, receipts }),
  );
  if (receipts.length > 0) orchard.ports.report({ type: "base-checked", commit, green });
  if (red !== undefined) throw redBase(commit, String(red.command), red.tail);
}

export function short(ref: RefName): string {
  return ref.replace(/^refs\/heads\//, "");
}
