import { findLane, type Lane, type Tracker, type UndoneLanding } from "@orchard/tracker-core";
import { type Oid, parseOid, type Repository } from "@orchard/worktree-git";

/**
 * Why a lane waits that was begun on a landing which was moved back since: to land it would land the other with it. Of a
 * landing that was taken back by a commit on top nothing is in the way: its code is out, whoever contains its history.
 */
export async function whyUndoneIsInTheWay(
  repository: Repository,
  tracker: Tracker,
  { lane, landed }: { readonly lane: Lane; readonly landed: Oid },
): Promise<string | undefined> {
  for (const undone of tracker.undone ?? []) {
    if (undone.lane === lane.id || undone.how !== "rewind" || lane.work === undefined) continue;
    const commit = parseOid(undone.commit);
    if (await repository.isAncestor(commit, landed)) continue;
    if (!(await repository.isAncestor(commit, parseOid(lane.work.head)))) continue;
    const why = whyNotAgain(tracker, undone);
    if (why !== undefined)
      return `it was begun on work of "${undone.lane}" that ${why}: orch retry ${lane.id} --fresh begins it anew`;
  }
  return undefined;
}

function whyNotAgain(tracker: Tracker, { lane, head }: UndoneLanding): string | undefined {
  const merge = findLane(tracker, lane)?.merge;
  if (merge?.state !== "landed") return "was taken back and has not landed again";
  return merge.head === head ? undefined : "was replaced before it landed again";
}
