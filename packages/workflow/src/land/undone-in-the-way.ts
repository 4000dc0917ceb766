import { findLane, type Tracker, type UndoneLanding } from "@orchard/tracker-core";
import { type Oid, parseOid } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";

/**
 * Work in the history of `head` whose landing was moved back since: whoever lands `head` would land that with it, unasked.
 * Of a landing that was taken back by a commit on top nothing is in the way: its code is out, whoever contains its history.
 * `lane`: whose own landings do not count.
 */
export async function undoneInTheWay(
  orchard: Orchard,
  { lane, head, landed }: { readonly lane?: string; readonly head: string; readonly landed: Oid },
): Promise<string | undefined> {
  const tracker = await orchard.tracker();
  const repository = await orchard.repository();
  for (const undone of tracker.undone ?? []) {
    if (undone.lane === lane || undone.how !== "rewind") continue;
    const commit = parseOid(undone.commit);
    if (await repository.isAncestor(commit, landed)) continue;
    if (!(await repository.isAncestor(commit, parseOid(head)))) continue;
    const why = whyNotAgain(tracker, undone);
    if (why !== undefined) return `work of "${undone.lane}" that ${why}`;
  }
  return undefined;
}

function whyNotAgain(tracker: Tracker, { lane, head }: UndoneLanding): string | undefined {
  const merge = findLane(tracker, lane)?.merge;
  if (merge?.state !== "landed") return "was taken back and has not landed again";
  return merge.head === head ? undefined : "was replaced before it landed again";
}
