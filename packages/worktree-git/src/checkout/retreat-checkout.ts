import type { Repository } from "../repository/repository.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";
import { readStatus } from "../worktrees/inspect-worktree.ts";
import { refuseSilencedDrivers } from "../worktrees/silenced-drivers.ts";
import { type AdvanceOutcome, type AdvanceRequest, settleLeftovers, underAdvance } from "./advance-checkout.ts";
import { type AdvanceIntent, abandonAdvance, forgetAdvance, recordAdvance } from "./advance-intent.ts";
import { findBlockers, findInTheWay } from "./blockers.ts";
import { changesBetween } from "./changes-between.ts";
import { readFileStates } from "./file-states.ts";
import { releaseIndexLock, takeIndexLock } from "./own-index-lock.ts";
import { finishMove } from "./settle-advance.ts";

/**
 * Moves a checkout back to an ancestor of where it is: files, index and the branch it is on. Only when nothing of anybody's
 * stands there: tracked files and index are those of HEAD, nothing waits, and no untracked or ignored file stands where one
 * comes back; else it says what does, and nothing has changed. Whoever calls has pinned `from`. After a crash at any step
 * the next move, or `recoverAdvance`, finishes it or takes it back. A save by an editor in the instant between our look at
 * a file and its replacement is not seen.
 */
export async function retreatCheckout(repo: Repository, request: AdvanceRequest): Promise<AdvanceOutcome> {
  const { worktree, from, to } = request;
  const place = await requireWorktree(repo, worktree);
  return underAdvance(repo, place.gitDir, async () => {
    await settleLeftovers(repo, place.gitDir);
    const { head } = await readStatus(repo, place, "no");
    if (head === to) return { kind: "advanced" };
    const changes = await changesBetween(repo, from, to);
    const inTheWay = await findInTheWay(place, changes);
    const blockers = await findBlockers(repo, place, from);
    if (blockers.length > 0) return { kind: "blocked", by: blockers };
    if (inTheWay.length > 0) return { kind: "blocked", by: [{ what: "inTheWay", paths: inTheWay }] };
    await refuseSilencedDrivers(repo, place.gitDir, to);
    const intent = await recordAdvance(repo, { ...place, from, to });
    try {
      return await retreat(repo, intent);
    } catch (error) {
      abandonAdvance(intent);
      throw error;
    }
  });
}

async function retreat(repo: Repository, intent: AdvanceIntent): Promise<AdvanceOutcome> {
  if (!(await takeIndexLock(intent))) {
    await forgetAdvance(repo, intent);
    return { kind: "blocked", by: await findBlockers(repo, intent, intent.from) };
  }
  const changes = await readFileStates(repo, intent, await changesBetween(repo, intent.from, intent.to));
  // With the index locked: what was saved since the first look is seen here.
  const others = (await findBlockers(repo, intent, intent.from)).filter(({ what }) => what !== "indexLock");
  if (others.length > 0 || changes.some(({ state }) => state === "foreign")) {
    await releaseIndexLock(intent);
    await forgetAdvance(repo, intent);
    return { kind: "blocked", by: others.length > 0 ? others : [{ what: "dirty", paths: [] }] };
  }
  await finishMove(repo, intent, { changes, head: intent.from });
  return { kind: "advanced" };
}
