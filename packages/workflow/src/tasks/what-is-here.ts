import type { BroughtTask, Progress, TaskWorktree } from "@orchard/tracker-core";
import { containedIn, type Hub, type Oid, parseOid } from "@orchard/worktree-git";
import { nameOf } from "./brought.ts";
import { ownWork } from "./own-work.ts";

/** What a worktree's records say, as far as its history still bears them out. */
export interface Here {
  readonly brought: readonly BroughtTask[];
  /** Names of the worktree's own finished tasks whose work is in it. */
  readonly own: ReadonlySet<string>;
}

/**
 * People reset, rebase and switch branches: what a record says was brought in is there only while the commit that did it,
 * or the brought commit itself, is in the history. A part that is not there any more is none; one whose taking out is gone
 * from the history is there again.
 */
export async function whatIsHere(
  hub: Hub,
  progress: Progress,
  { head, record }: { readonly head: Oid; readonly record: TaskWorktree },
): Promise<Here> {
  const mine = ownWork(progress, record.id);
  const commits = [
    ...record.brought.flatMap(({ commit, by }) => [parseOid(commit), parseOid(by === "" ? commit : by)]),
    ...mine.map(({ commit }) => parseOid(commit)),
  ];
  const inside = await containedIn(hub.repo, { commits, head });
  const brought = record.brought.flatMap((part): readonly BroughtTask[] => {
    if (part.by === "" || inside.has(parseOid(part.by))) return [part];
    return inside.has(parseOid(part.commit)) ? [{ ...part, by: head, takenOut: undefined }] : [];
  });
  const own = new Set<string>();
  for (const work of mine) {
    const isHere = inside.has(parseOid(work.commit)) || (await isContentOf(hub, head, work));
    if (isHere) own.add(nameOf(work));
  }
  return { brought, own };
}

/** Whether bringing the work in (once more) changes nothing: its content is there, whatever the history says. */
export async function isContentOf(
  hub: Hub,
  head: Oid,
  { start, commit }: { readonly start: string; readonly commit: string },
): Promise<boolean> {
  const merge = await hub.merge({ ours: head, theirs: parseOid(commit), base: parseOid(start) });
  return merge.kind === "merged" && merge.tree === (await hub.treeOf(head));
}

/** Of parts that were taken out and only came along again with another's, those are there whose content is. */
export async function stillOut(
  hub: Hub,
  head: Oid,
  { parts, takenOut }: { readonly parts: readonly BroughtTask[]; readonly takenOut: ReadonlySet<string> },
): Promise<readonly BroughtTask[]> {
  const judged: BroughtTask[] = [];
  for (const part of parts) {
    const isDoubtful = part.takenOut !== true && takenOut.has(nameOf(part));
    judged.push(isDoubtful && !(await isContentOf(hub, head, part)) ? { ...part, takenOut: true } : part);
  }
  return judged;
}
