import { findTask, type Lane, outOfStep, type Progress, type TaskWorktree } from "@orchard/tracker-core";
import { type Oid, parseOid, replaceCommits } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { taskWorktreeOf } from "./own-tasks.ts";
import { isSameByContent } from "./why-tasks-wait.ts";

interface Landing {
  readonly progress: Progress;
  readonly landed: Oid;
  readonly theirs: Oid;
}

/**
 * The lane's head with what landed squashed in the place of what it was built on: the same work, and a history in which
 * git finds it once. Where that does not go without a conflict the head stays, and the landing tells.
 */
export async function inStep(orchard: Orchard, lane: Lane, { progress, landed, theirs }: Landing): Promise<Oid> {
  const worktree = await taskWorktreeOf(orchard, progress, lane);
  if (worktree === undefined) return theirs;
  const replaced = await replacedByContent(orchard, progress, lane, worktree);
  const replacements = [...replaced, ...(await squashed(orchard, progress, worktree, landed))];
  if (replacements.length === 0) return theirs;
  const composed = await replaceCommits(await orchard.hub(), { head: theirs, replacements });
  return composed.kind === "composed" ? composed.commit : theirs;
}

async function replacedByContent(orchard: Orchard, progress: Progress, lane: Lane, worktree: TaskWorktree) {
  const found = [];
  for (const flag of outOfStep(progress, worktree)) {
    const { part, replacement } = flag;
    if (replacement === undefined || !(await isSameByContent(orchard, progress, lane, flag))) continue;
    found.push({ from: parseOid(replacement.from), to: parseOid(replacement.to), message: said(part.task) });
  }
  return found;
}

/** Parts that our own landing made one commit of. */
async function squashed({ repository }: Orchard, progress: Progress, { brought }: TaskWorktree, landed: Oid) {
  const repo = await repository();
  const found = [];
  for (const { spec, task, commit, takenOut } of brought) {
    const work = findTask(progress, spec, task)?.work;
    if (takenOut === true || work?.landed === undefined || work.commit !== commit) continue;
    const from = parseOid(commit);
    if (await repo.isAncestor(from, landed)) continue;
    found.push({ from, to: parseOid(work.landed.commit), message: said(task) });
  }
  return found;
}

function said(task: string): string {
  return `Update ${task}\n`;
}
