import { type Lane, type Progress, takenOutOf, type WorkTakenOut, workTakenOut } from "@orchard/tracker-core";
import { type Oid, parseOid } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { ownTasks, taskWorktreeOf } from "./own-tasks.ts";

/** What is recorded with a landing of work that the lane had taken out again; nothing where it had not. */
export async function takenOutBy(
  orchard: Orchard,
  lane: Lane,
): Promise<{ readonly without?: readonly WorkTakenOut[] }> {
  const { progress } = (await orchard.folded()).state;
  const worktree = await taskWorktreeOf(orchard, progress, lane);
  const without = worktree === undefined ? [] : takenOutOf(worktree);
  return without.length === 0 ? {} : { without };
}

/**
 * The commit after which the lane's own work begins, when some of it came into the base only through others that had
 * taken it out: the history says "contained" of code that is not there, so the merge is made from here.
 */
export async function startTakenOut(
  orchard: Orchard,
  lane: Lane,
  { landed, theirs, progress }: { readonly landed: Oid; readonly theirs: Oid; readonly progress: Progress },
): Promise<Oid | undefined> {
  const start = (lane.worktree ?? lane.setAside?.worktree)?.start;
  const undone = await startOfUndone(orchard, lane, { landed, theirs });
  if (undone !== undefined) return undone;
  const own = new Set(ownTasks(progress, lane).map(({ spec, task }) => `${spec}/${task}`));
  const out = workTakenOut({ tracker: await orchard.tracker(), progress }).filter(({ spec, task }) =>
    own.has(`${spec}/${task}`),
  );
  const repository = await orchard.repository();
  for (const { commit } of out) {
    const oid = parseOid(commit);
    const isOurs = await repository.isAncestor(oid, theirs);
    if (isOurs && (await repository.isAncestor(oid, landed))) return start === undefined ? undefined : parseOid(start);
  }
  return undefined;
}

/**
 * Where the lane's work began whose landing a commit on top took back. Of its landings that were taken back the newest
 * that still stands in the history decides: what was landed after it and moved back again has left no trace there.
 */
async function startOfUndone(
  orchard: Orchard,
  { id, worktree, setAside }: Lane,
  { landed, theirs }: { readonly landed: Oid; readonly theirs: Oid },
): Promise<Oid | undefined> {
  const repository = await orchard.repository();
  const begun = (worktree ?? setAside?.worktree)?.start;
  const { undone = [] } = await orchard.tracker();
  for (const { how, commit, start } of undone.filter(({ lane }) => lane === id).toReversed()) {
    if (!(await repository.isAncestor(parseOid(commit), landed))) continue;
    if (how !== "revert" || start === undefined) return undefined;
    const isBegunAnew = begun !== undefined && (await repository.isAncestor(parseOid(commit), parseOid(begun)));
    const isOfIt = await repository.isAncestor(parseOid(start), theirs);
    return isOfIt && !isBegunAnew ? parseOid(start) : undefined;
  }
  return undefined;
}
