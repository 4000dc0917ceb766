import type { OutOfStep, Progress, WorktreeMove } from "@orchard/tracker-core";
import { containedIn, type Hub, type Oid, parseOid, replaceCommits } from "@orchard/worktree-git";
import { heldHere, ownWork } from "./own-work.ts";

/** What the worktree's own tasks are proved by, and begin at, once its parts are replaced. */
export type Followed = Pick<WorktreeMove, "proofs" | "starts">;

interface Replaced {
  readonly worktree: string;
  readonly head: Oid;
  /** The worktree's HEAD with the parts replaced. */
  readonly to: Oid;
  readonly parts: readonly OutOfStep[];
}

/**
 * The commits that prove the worktree's own finished tasks, and those at which its tasks' own work begins, with the same
 * parts replaced as in the worktree itself. Without the second, taking such a task out would take its dependency's change
 * back, too.
 */
export async function followProofs(hub: Hub, progress: Progress, replaced: Replaced): Promise<Followed> {
  const follow = async (commit: string) => {
    const own = parseOid(commit);
    const concerned = await partsInside(hub, own, replaced.parts);
    if (concerned.length === 0) return undefined;
    return own === replaced.head ? replaced.to : ((await replacedIn(hub, own, concerned)) ?? replaced.to);
  };
  const proofs: WorktreeMove["proofs"][number][] = [];
  for (const { spec, task, commit, start } of ownWork(progress, replaced.worktree)) {
    const to = await follow(commit);
    if (to !== undefined) proofs.push({ spec, task, from: commit, to, start: (await follow(start)) ?? start });
  }
  const starts: WorktreeMove["starts"][number][] = [];
  for (const { spec, task, start } of heldHere(progress, replaced.worktree)) {
    const to = await follow(start);
    if (to !== undefined) starts.push({ spec, task, from: start, to });
  }
  return { proofs, starts };
}

/** By the commit that once came in: of a part that was taken out, the history still tells where it had been. */
async function partsInside(hub: Hub, own: Oid, parts: readonly OutOfStep[]): Promise<readonly OutOfStep[]> {
  const commits = parts.map(({ part }) => parseOid(part.commit));
  const inside = await containedIn(hub.repo, { commits, head: own });
  return parts.filter(({ part }) => inside.has(parseOid(part.commit)));
}

async function replacedIn(hub: Hub, head: Oid, parts: readonly OutOfStep[]): Promise<Oid | undefined> {
  const composed = await replaceCommits(hub, {
    head,
    replacements: parts.flatMap(({ part, replacement }) =>
      replacement === undefined
        ? []
        : [
            {
              from: parseOid(replacement.from),
              to: parseOid(replacement.to),
              message: `Restack ${part.spec}/${part.task}\n`,
            },
          ],
    ),
  });
  return composed.kind === "composed" ? composed.commit : undefined;
}
