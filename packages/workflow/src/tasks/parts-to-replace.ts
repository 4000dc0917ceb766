import { findTask, type OutOfStep, outOfStep, type Progress, type TaskWorktree } from "@orchard/tracker-core";
import { type Hub, parseOid } from "@orchard/worktree-git";
import { isContentOf } from "./what-is-here.ts";

/**
 * The parts of `worktree` that a restack changes, those left out whose change comes with another's: whoever built on it
 * has restacked already, and what they resolved is not asked for again.
 */
export async function partsToReplace(
  hub: Hub,
  progress: Progress,
  worktree: TaskWorktree,
): Promise<readonly OutOfStep[]> {
  const ready = outOfStep(progress, worktree).filter(({ replacement }) => replacement !== undefined);
  const kept: OutOfStep[] = [];
  for (const one of ready) if (!(await comesWithAnother(hub, progress, one, ready))) kept.push(one);
  return kept;
}

async function comesWithAnother(
  hub: Hub,
  progress: Progress,
  one: OutOfStep,
  all: readonly OutOfStep[],
): Promise<boolean> {
  for (const other of all) {
    if (other === one || other.why === "rejected" || other.part.spec !== one.part.spec) continue;
    const inNew = findTask(progress, other.part.spec, other.part.task)?.work?.contains.find(
      ({ task }) => task === one.part.task,
    );
    const isSame =
      inNew !== undefined &&
      (one.why === "rejected"
        ? inNew.takenOut === true
        : inNew.takenOut !== true && inNew.commit === one.replacement?.to);
    if (!isSame) continue;
    const was = parseOid(other.part.commit);
    if (!(await hub.repo.isAncestor(parseOid(one.part.commit), was))) continue;
    // Put back with the other only if the other had taken it out, too: else the other's change does not hold it.
    const { start, commit } = one.part;
    if (one.why === "accepted" && (await isContentOf(hub, was, { start, commit }))) continue;
    return true;
  }
  return false;
}
