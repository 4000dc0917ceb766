import { findTask, type OutOfStep, outOfStep, type Progress, type TaskWorktree } from "@orchard/tracker-core";
import { parseOid, type Repository } from "@orchard/worktree-git";

/**
 * The parts of `worktree` that a restack changes, those left out whose change comes with another's: whoever built on it
 * has restacked already, and what they resolved is not asked for again.
 */
export async function partsToReplace(
  repository: Repository,
  progress: Progress,
  worktree: TaskWorktree,
): Promise<readonly OutOfStep[]> {
  const ready = outOfStep(progress, worktree).filter(({ replacement }) => replacement !== undefined);
  const kept: OutOfStep[] = [];
  for (const one of ready) if (!(await comesWithAnother(repository, progress, one, ready))) kept.push(one);
  return kept;
}

async function comesWithAnother(
  repository: Repository,
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
    if (await repository.isAncestor(parseOid(one.part.commit), parseOid(other.part.commit))) return true;
  }
  return false;
}
