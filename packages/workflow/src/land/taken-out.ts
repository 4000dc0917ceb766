import {
  type Lane,
  type Progress,
  takenOutOf,
  undoneLandingOf,
  type WorkTakenOut,
  workTakenOut,
} from "@orchard/tracker-core";
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
  const undone = undoneLandingOf(await orchard.tracker(), lane.id);
  if (undone?.how === "revert" && undone.start !== undefined) {
    const repository = await orchard.repository();
    const isInHistory = await repository.isAncestor(parseOid(undone.commit), landed);
    if (isInHistory && (await repository.isAncestor(parseOid(undone.start), theirs))) return parseOid(undone.start);
  }
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
