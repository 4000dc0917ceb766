import { createHash } from "node:crypto";
import { gitFailed } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import type { Oid } from "../object-id.ts";
import { underLock } from "../repository/mutex.ts";
import type { Repository } from "../repository/repository.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";
import { CHECKOUT_LIMIT_MS } from "../worktrees/fresh-checkout.ts";
import { readStatus } from "../worktrees/inspect-worktree.ts";
import { refuseSilencedDrivers } from "../worktrees/silenced-drivers.ts";
import {
  type AdvanceIntent,
  abandonAdvance,
  forgetAdvance,
  leftoverAdvances,
  markOf,
  recordAdvance,
} from "./advance-intent.ts";
import { type Blocker, findBlockers, findInTheWay } from "./blockers.ts";
import { changesBetween } from "./changes-between.ts";
import { copyIndex, privateIndex, releaseIndexLock, swapIndex, takeIndexLock } from "./own-index-lock.ts";
import { type Settlement, settleAdvance } from "./settle-advance.ts";

/** Which checkout is to move, and between which commits. */
export interface AdvanceRequest {
  /** Path of the work tree: the main one or a linked one. */
  readonly worktree: string;
  /** Where HEAD must be. */
  readonly from: Oid;
  /** A descendant of `from`. */
  readonly to: Oid;
}

/** Whether a checkout stands at its new commit; `blocked`: nothing has changed, for what `by` names. */
export type AdvanceOutcome =
  | { readonly kind: "advanced" }
  | { readonly kind: "blocked"; readonly by: readonly Blocker[] };

/**
 * Moves a checkout forward: its files, its index and the branch it is on, fast-forward only, and only when nothing
 * of anybody's stands there; else it says what does, and nothing has changed. It and its way
 * back, `retreatCheckout`, are all that moves a checkout. After a crash at any step {@link recoverAdvance} (or the next advance) finishes it or takes
 * it back. A save by an editor in the instant between git's look at a file and its replacement is not seen.
 */
export async function advanceCheckout(repo: Repository, request: AdvanceRequest): Promise<AdvanceOutcome> {
  const place = await requireWorktree(repo, request.worktree);
  return underAdvance(repo, place.gitDir, async () => {
    await settleLeftovers(repo, place.gitDir);
    const { from, to } = request;
    if (from === to) return { kind: "advanced" };
    const { head } = await readStatus(repo, place, "no");
    const blockers = await findBlockers(repo, place, head === to ? to : from);
    if (blockers.length > 0) return { kind: "blocked", by: blockers };
    if (head === to) return { kind: "advanced" };
    await refuseSilencedDrivers(repo, place.gitDir, to);
    return advance(repo, place, from, to);
  });
}

/** Finishes, or takes back, every advance that a crash cut off. What it did with each. */
export async function recoverAdvance(repo: Repository): Promise<readonly Settlement[]> {
  const settled: Settlement[] = [];
  for (const gitDir of new Set((await leftoverAdvances(repo)).map((intent) => intent.gitDir))) {
    settled.push(...(await underAdvance(repo, gitDir, () => settleLeftovers(repo, gitDir))));
  }
  return settled;
}

/** One move of a checkout at a time. */
export function underAdvance<T>(repo: Repository, gitDir: string, work: () => Promise<T>): Promise<T> {
  const name = createHash("sha256").update(gitDir).digest("hex").slice(0, 16);
  return underLock(repo, `advance-${name}`, "advance a checkout", work);
}

/** What a crash left of earlier moves of this checkout. The caller holds its lock. */
export async function settleLeftovers(repo: Repository, gitDir: string): Promise<Settlement[]> {
  const settled: Settlement[] = [];
  for (const intent of await leftoverAdvances(repo)) {
    if (intent.gitDir === gitDir) settled.push(await settleAdvance(repo, intent));
  }
  return settled;
}

async function advance(repo: Repository, place: WorktreePlace, from: Oid, to: Oid): Promise<AdvanceOutcome> {
  const intent = await recordAdvance(repo, { ...place, from, to });
  try {
    if (!(await takeIndexLock(intent))) {
      await forgetAdvance(repo, intent);
      return { kind: "blocked", by: await findBlockers(repo, place, from) };
    }
    await copyIndex(intent);
    const { code, stderr } = await fastForward(repo, place, intent);
    if (code === 0) {
      await swapIndex(intent);
      await releaseIndexLock(intent);
      await forgetAdvance(repo, intent);
      return { kind: "advanced" };
    }
    abandonAdvance(intent);
    return await whyNot(repo, place, intent, gitFailed("merge", code, stderr));
  } catch (error) {
    abandonAdvance(intent);
    throw error;
  }
}

/** Plain `git merge --ff-only`; unlike it this refuses to overwrite ignored files. */
function fastForward(repo: Repository, place: WorktreePlace, intent: AdvanceIntent) {
  return repo.door.inWorktree(place, {
    command: "merge",
    options: [
      "--ff-only",
      "--no-overwrite-ignore",
      "--no-autostash",
      "--no-squash",
      "--no-stat",
      "--quiet",
      "--no-verify",
    ],
    values: [intent.to],
    variables: { GIT_INDEX_FILE: privateIndex(intent), GIT_REFLOG_ACTION: "orchard", ...markOf(intent) },
    codes: [0, 1, 2, 128],
    limitMs: CHECKOUT_LIMIT_MS,
  });
}

async function whyNot(
  repo: Repository,
  place: WorktreePlace,
  intent: AdvanceIntent,
  error: Error,
): Promise<AdvanceOutcome> {
  const settled = await settleAdvance(repo, intent);
  if (settled.kind === "finished") return { kind: "advanced" };
  const inTheWay = await findInTheWay(place, await changesBetween(repo, intent.from, intent.to));
  const others = await findBlockers(repo, place, intent.from);
  const by: readonly Blocker[] = [
    ...others,
    ...(inTheWay.length === 0 ? [] : [{ what: "inTheWay", paths: inTheWay } as const]),
  ];
  if (by.length === 0) throw error;
  return { kind: "blocked", by };
}
