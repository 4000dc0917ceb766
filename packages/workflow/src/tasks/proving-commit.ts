import { type ContainedTask, findTask, findTaskWorktree, type Progress, type TaskName } from "@orchard/tracker-core";
import { containedIn, isOid, type Oid, parseOid } from "@orchard/worktree-git";
import { nameOf } from "./brought.ts";
import type { TaskDesk } from "./desk.ts";
import { badCommit } from "./errors.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import { ownWork } from "./own-work.ts";
import { whatIsHere } from "./what-is-here.ts";

/** HEAD of the clean worktree, or the commit of its history that was named. Throws `DIRTY_WORKTREE`, `BAD_COMMIT`. */
export async function provingCommit(desk: TaskDesk, given: string | undefined): Promise<Oid> {
  const head = await requireCleanHead(desk);
  if (given === undefined) return head;
  const text = given.toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(text)) throw badCommit(given, "it is no object id");
  const repository = await desk.orchard.repository();
  const matches = isOid(text)
    ? [parseOid(text)]
    : (await repository.log(undefined, head, 10_000)).map(({ oid }) => oid).filter((oid) => oid.startsWith(text));
  if (matches.length > 1) throw badCommit(given, "several commits begin so");
  const [found] = matches;
  if (found === undefined) throw badCommit(given, "no commit of this worktree's history begins so");
  const inside = await containedIn(repository, { commits: [found], head });
  if (!inside.has(found)) throw badCommit(given, "it is not in the history of this worktree");
  return found;
}

/** Done again in the same worktree, on top of what was done before. */
export async function isOnTop(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  name: TaskName,
  commit: Oid,
): Promise<boolean> {
  const work = findTask(progress, name.spec, name.task)?.work;
  if (work?.commit === undefined || work.place.worktree !== asker.place.worktree) return false;
  return (await orchard.repository()).isAncestor(parseOid(work.commit), commit);
}

/** Whether the commit goes on from `start` and differs from it. */
export async function hasChanged({ orchard }: TaskDesk, start: Oid, commit: Oid): Promise<boolean> {
  const repository = await orchard.repository();
  if (commit === start || (await repository.isAncestor(commit, start))) return false;
  return (await repository.changedPaths(start, commit)).length > 0;
}

/** Other tasks' work in the history of `commit`, by the records of this worktree: brought in, and finished here before. */
export async function containedBy(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  { spec, task }: TaskName,
  commit: Oid,
): Promise<readonly ContainedTask[]> {
  const { worktree, path } = asker.place;
  const record = findTaskWorktree(progress, worktree) ?? { id: worktree, path, brought: [] };
  const here = await whatIsHere(await orchard.hub(), progress, { head: commit, record });
  const brought = here.brought.filter((part) => part.spec === spec && part.task !== task);
  const own = ownWork(progress, worktree).filter((one) => {
    return one.spec === spec && one.task !== task && here.own.has(nameOf(one));
  });
  return [...brought, ...own].map((part) => ({
    task: part.task,
    commit: part.commit,
    ...("takenOut" in part && part.takenOut === true ? { takenOut: true } : {}),
  }));
}
