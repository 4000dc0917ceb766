import { type Progress, type Sighting, type Tracker, workTakenOut } from "@orchard/tracker-core";
import {
  containedIn,
  findRewritten,
  isOid,
  landedRef,
  type Oid,
  parseOid,
  parseRef,
  type Repository,
} from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { byCompletion, type Work } from "./finished-work.ts";
import { startIn } from "./start-in.ts";
import { isContentOf } from "./what-is-here.ts";

/** Work that the base contains by now: as it was, or as one commit of a squash. */
export async function inBase(
  orchard: Orchard,
  works: readonly Work[],
  moved: ReadonlyMap<string, string | null>,
): Promise<Sighting["works"]> {
  const repository = await orchard.repository();
  const { home } = await orchard.tracker();
  if (home === undefined) return [];
  const base = parseRef(home.base);
  const tips = [base, landedRef(base)].flatMap((ref) => moved.get(ref) ?? []).map(parseOid);
  const found: Sighting["works"][number][] = [];
  for (const head of new Set(tips)) {
    const inside = await containedIn(repository, { commits: works.map(({ commit }) => commit), head });
    const outside = works.filter(({ commit }) => !inside.has(commit)).sort(byCompletion);
    const squashed = await findRewritten(repository, { tip: head, commits: outside.map(({ commit }) => commit) });
    for (const one of works) {
      const { spec, task, commit } = one;
      const as = squashed.get(commit);
      if (inside.has(commit)) {
        if (await isReallyThere(orchard, one, head)) found.push({ spec, task, commit, kind: "landed", in: head });
      } else if (as !== undefined) {
        found.push(
          {
            spec,
            task,
            commit,
            kind: "replaced",
            by: as,
            start: await startIn(repository, one, { tip: head, by: as }),
          },
          { spec, task, commit: as, kind: "landed", in: as },
        );
      }
    }
  }
  return found;
}

/**
 * Ancestry says "contained" of code that a restack took out again, too. Where some worktree took it out, the content is
 * asked: putting it back changes nothing when it is there.
 */
async function isReallyThere(orchard: Orchard, { spec, task, commit, work }: Work, head: Oid): Promise<boolean> {
  const { state } = await orchard.folded();
  const wasTakenOut = workTakenOut(state).some((out) => out.spec === spec && out.task === task);
  if (!wasTakenOut) return true;
  const hub = await orchard.hub();
  return isContentOf(hub, head, { start: work.start, commit });
}

/** How many new commits of the base are read for reverts. */
const REVERTS_SOUGHT = 500;

/** Work that a new commit of the base says it reverts: itself, or the merge that brought it. */
export async function revertedInBase(
  repository: Repository,
  works: readonly Work[],
  {
    tracker,
    before,
    now,
  }: {
    readonly tracker: Tracker;
    readonly before: Progress["tips"];
    readonly now: ReadonlyMap<string, string | null>;
  },
): Promise<Sighting["works"]> {
  const base = tracker.home?.base ?? "";
  const tip = now.get(base);
  const from = before[base];
  if (tip === undefined || tip === null || from === undefined) return [];
  const commits = await repository.log(parseOid(from), parseOid(tip), REVERTS_SOUGHT);
  const reverted = commits.flatMap(({ body }) =>
    [...body.matchAll(/^This reverts commit ([0-9a-f]{40,64})\b/gm)].map((found) => found[1] ?? ""),
  );
  const found: Sighting["works"][number][] = [];
  for (const oid of reverted.filter(isOid)) {
    const parents = (await repository.commitInfo(oid).catch(() => undefined))?.parents ?? [];
    const merged = parents.slice(1);
    for (const { spec, task, commit } of works) {
      if (commit === oid || merged.includes(commit)) found.push({ spec, task, commit, kind: "reverted", by: tip });
    }
  }
  return found;
}
