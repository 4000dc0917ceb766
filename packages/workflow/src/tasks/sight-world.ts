import {
  noteSighting,
  type Progress,
  type Sighting,
  type TaskWork,
  type Tracker,
  workTakenOut,
} from "@orchard/tracker-core";
import {
  branchTips,
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
import { recordProgress } from "./record-progress.ts";

interface Work {
  readonly spec: string;
  readonly task: string;
  readonly commit: Oid;
  readonly work: TaskWork;
}

/**
 * Looks where the branches stand that finished tasks are on, and the base: which proving commits were replaced (amended,
 * rebased, squashed), dropped, or have landed. One git call when nothing moved. Returns the progress as it is then.
 */
export async function sightWorld(orchard: Orchard): Promise<Progress> {
  const { progress, tracker } = (await orchard.folded()).state;
  const works = finished(progress);
  if (works.length === 0) return progress;
  const repository = await orchard.repository();
  const tips = await tipsOfInterest(repository, works, tracker);
  const moved = new Map([...tips].filter(([ref, tip]) => (progress.tips[ref] ?? null) !== tip));
  if (moved.size === 0) return progress;
  const sighting: Sighting = {
    tips: Object.fromEntries(moved),
    works: [
      ...(await onBranches(repository, unlanded(works), moved)),
      ...(await inBase(orchard, unlanded(works), moved)),
      ...(await revertedInBase(repository, works, { tracker, before: progress.tips, now: moved })),
    ],
  };
  const seen = await recordProgress(orchard, sentence(sighting), (now) => noteSighting(now, sighting));
  return seen.state.progress;
}

function finished(progress: Progress): readonly Work[] {
  return Object.values(progress.specs).flatMap((spec) =>
    Object.values(spec.tasks).flatMap(({ id, work }) =>
      work?.commit === undefined ? [] : [{ spec: spec.name, task: id, commit: parseOid(work.commit), work }],
    ),
  );
}

function unlanded(works: readonly Work[]): readonly Work[] {
  return works.filter(({ work }) => work.landed === undefined);
}

async function tipsOfInterest(repository: Repository, works: readonly Work[], tracker: Tracker) {
  const tips = await branchTips(repository);
  const refs = new Set(works.flatMap(({ work }) => work.place.branch ?? []));
  const found = new Map<string, string | null>([...refs].map((ref) => [ref, tips.get(parseRef(ref)) ?? null]));
  if (tracker.home !== undefined) {
    const base = parseRef(tracker.home.base);
    found.set(base, tips.get(base) ?? null);
    const landed = await repository.resolve(landedRef(base));
    if (landed !== undefined) found.set(landedRef(base), landed);
  }
  return found;
}

/** What became of the commits of branches that moved. A branch that is gone took nothing along: its commits are pinned. */
async function onBranches(
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
    for (const one of mine) {
      const { spec, task, commit } = one;
      const by = rewritten.get(commit);
      if (inside.has(commit)) found.push({ spec, task, commit, kind: "found" });
      else if (by !== undefined)
        found.push({
          spec,
          task,
          commit,
          kind: "replaced",
          by,
          start: await startIn(repository, one, { tip: head, by }),
        });
      else found.push({ spec, task, commit, kind: "lost" });
    }
  }
  return found;
}

/** Work that the base contains by now: as it was, or as one commit of a squash. */
async function inBase(
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
  const merge = await hub.merge({ ours: head, theirs: commit, base: parseOid(work.start) });
  return merge.kind === "merged" && merge.tree === (await hub.treeOf(head));
}

/** How many new commits of the base are read for reverts. */
const REVERTS_SOUGHT = 500;

/** Work that a new commit of the base says it reverts: itself, or the merge that brought it. */
async function revertedInBase(
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

/** How many commits of one task are followed into a new history. */
const COMMITS_FOLLOWED = 200;

/**
 * Where rewritten work begins: before the first of its commits in the new history. After a rebase that is not where it
 * began before, and taking the work out must not take the base's own progress along. `undefined`: as before.
 */
async function startIn(
  repository: Repository,
  { commit, work }: Work,
  { tip, by }: { readonly tip: Oid; readonly by: Oid },
): Promise<Oid | undefined> {
  const commits = (await repository.log(parseOid(work.start), commit, COMMITS_FOLLOWED))
    .map(({ oid }) => oid)
    .reverse();
  const inside = await containedIn(repository, { commits: commits.slice(0, 1), head: tip });
  if (inside.size > 0) return undefined;
  const rewritten = await findRewritten(repository, { tip, commits });
  const first = commits.map((oid) => rewritten.get(oid)).find((oid) => oid !== undefined) ?? by;
  return (await repository.commitInfo(first)).parents[0];
}

function byCompletion(a: Work, b: Work): number {
  return a.work.completedAt < b.work.completedAt ? -1 : 1;
}

function sentence({ works }: Sighting): string {
  const told = works.filter(({ kind }) => kind !== "found").map(({ task, kind }) => `${task} ${kind}`);
  return told.length === 0 ? "branches have moved on" : `seen: ${told.slice(0, 5).join(", ")}`;
}
