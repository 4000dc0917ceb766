import type { Sighting } from "@orchard/tracker-core";
import { containedIn, findRewritten, parseOid, type Repository } from "@orchard/worktree-git";
import { nameOf } from "./brought.ts";
import { byCompletion, type Work } from "./finished-work.ts";
import { startIn } from "./start-in.ts";

/** What became of the commits of branches that moved. A branch that is gone took nothing along: its commits are pinned. */
export async function onBranches(
  repository: Repository,
  works: readonly Work[],
  moved: ReadonlyMap<string, string | null>,
): Promise<Sighting["works"]> {
  const found: Sighting["works"][number][] = [];
  for (const [ref, tip] of moved) {
    const mine = works.filter(({ work }) => work.place.branch === ref).sort(byCompletion);
    if (tip === null || mine.length === 0) continue;
    const head = parseOid(tip);
    const inside = await containedIn(repository, { commits: mine.map(({ commit }) => commit), head });
    const gone = mine.filter(({ commit }) => !inside.has(commit));
    const rewritten = await findRewritten(repository, { tip: head, commits: gone.map(({ commit }) => commit) });
    const now = new Map(
      gone.flatMap((old) => (rewritten.has(old.commit) ? [[nameOf(old), rewritten.get(old.commit)!]] : [])),
    );
    for (const one of mine) {
      const { spec, task, commit, work } = one;
      const by = rewritten.get(commit);
      if (inside.has(commit)) found.push({ spec, task, commit, kind: "found" });
      else if (by === undefined) found.push({ spec, task, commit, kind: "lost" });
      else {
        const start = await startIn(repository, one, { tip: head, by });
        // What was rewritten together contains each other as it is now.
        const contains = work.contains.map((part) => {
          return { ...part, commit: now.get(nameOf({ spec, task: part.task })) ?? part.commit };
        });
        found.push({ spec, task, commit, kind: "replaced", by, start, contains });
      }
    }
  }
  return found;
}
