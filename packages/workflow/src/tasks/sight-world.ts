import { noteSighting, type Progress, recordedTasks, type Sighting, type Tracker } from "@orchard/tracker-core";
import { branchTips, landedRef, parseOid, parseRef, type Repository } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import type { Work } from "./finished-work.ts";
import { recordProgress } from "./record-progress.ts";
import { inBase, revertedInBase } from "./sight-base.ts";
import { onBranches } from "./sight-branches.ts";

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
  return recordedTasks(progress).flatMap(({ spec, task, record: { work } }) =>
    work?.commit === undefined ? [] : [{ spec, task, commit: parseOid(work.commit), work }],
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

function sentence({ works }: Sighting): string {
  const told = works.filter(({ kind }) => kind !== "found").map(({ task, kind }) => `${task} ${kind}`);
  return told.length === 0 ? "branches have moved on" : `seen: ${told.slice(0, 5).join(", ")}`;
}
