import { isOrchardError } from "@orchard/kernel";
import { happened, requireHome } from "@orchard/tracker-core";
import { followLanded, parseRef, recoverAdvance } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { underBaseLock } from "./base-lock.ts";
import { ensureLanded } from "./landed.ts";

/** Whether the base branch contains what has landed; `commit` is its own, or while it is behind the landed one. */
export type Followed =
  | { readonly kind: "current" | "advanced"; readonly commit: string }
  /** Landed, not yet in the checkout; `why` says what is in the way. */
  | { readonly kind: "behind"; readonly why: string; readonly commit: string };

/**
 * Lets the base branch follow what has landed, fast-forward only and never over anything of the user's. An advance
 * that a crash cut off is settled first: with the branch moved and the index not, it would look as if all were done.
 */
export async function followBase(worker: Worker): Promise<Followed> {
  const tracker = await worker.orchard.tracker();
  const base = parseRef(requireHome(tracker).base);
  const repository = await worker.orchard.repository();
  const outcome = await underBaseLock(worker.orchard, "follow what has landed", async () => {
    await recoverAdvance(repository);
    return followLanded(repository, base).catch(whyRefused);
  });
  switch (outcome.kind) {
    case "current":
    case "advanced":
      if (outcome.kind === "advanced" || tracker.base.behind !== undefined) {
        await worker.record("base: follows what has landed", () =>
          happened({ type: "base-followed", commit: outcome.commit }),
        );
      }
      return { kind: outcome.kind, commit: outcome.commit };
    case "behind":
      return fallBehind(worker, await ensureLanded(repository, base), whatIsInTheWay(outcome.checkout, outcome.by));
    case "refused":
      return fallBehind(worker, await ensureLanded(repository, base), outcome.why);
    case "diverged":
      return fallBehind(worker, outcome.landed, "the base branch has gained commits of its own");
  }
}

/** What landed passes through a filter that nobody accepted: it is not written into the checkout. */
function whyRefused(error: unknown): { readonly kind: "refused"; readonly why: string } {
  if (!isOrchardError(error, "SETTINGS_NOT_ACCEPTED")) throw error;
  return { kind: "refused", why: error.message };
}

async function fallBehind(worker: Worker, landed: string, why: string): Promise<Followed> {
  await worker.record("base: landed, not yet in the checkout", (tracker) => {
    const known = tracker.base.behind;
    if (known?.landed === landed && known.why === why) return { facts: [], outcome: null };
    return happened({ type: "base-behind", landed, why });
  });
  return { kind: "behind", why, commit: landed };
}

/** What keeps a checkout from moving, in words. */
export function whatIsInTheWay(
  checkout: string,
  by: readonly { readonly what: string; readonly paths: readonly string[] }[],
): string {
  const words: Record<string, string> = {
    dirty: "uncommitted changes",
    operation: "an operation in progress",
    indexLock: "another git command at work",
    inTheWay: "files in the way",
    moved: "a HEAD that moved",
  };
  const parts = by.map(({ what, paths }) => {
    const some = paths.slice(0, 5).join(", ");
    return `${words[what] ?? what}${some === "" ? "" : ` (${some}${paths.length > 5 ? ", …" : ""})`}`;
  });
  return `${parts.join(" and ")} in ${checkout}`;
}
