import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { findLane, isActive, isLanded, type Lane, lanesInOrder, resolveOf, type Tracker } from "@orchard/tracker-core";
import {
  type AlreadyIn,
  alreadyIn,
  branchTips,
  inspectWorktree,
  landedRef,
  listRescues,
  type Oid,
  parseRef,
  type Repository,
  readWorktrees,
  shortName,
} from "@orchard/worktree-git";
import { dirtyPaths } from "../orchard/dirty-paths.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { diskUsed } from "./disk-used.ts";

/**
 * `merged`: all of it is in the base, by ancestry, because merging it would change nothing, or as one commit that makes the
 * same change. `live`: work goes on or is wanted. `rescued`: pinned and set aside. `own`: scratch of Orchard's, made anew when
 * needed. `unknown`: nobody of ours made it, or it holds what is nowhere else.
 */
export type Standing = "merged" | "live" | "rescued" | "own" | "unknown";

/** A worktree or branch, and why it is kept. */
export interface Held {
  readonly kind: "worktree" | "branch";
  /** Path below the repository, or the branch's name. */
  readonly name: string;
  readonly standing: Standing;
  readonly why: string;
  /** Of a worktree. */
  readonly bytes?: number;
}

/** Says of each worktree below our folder and of each branch of ours what it is and why it is there. Changes nothing. */
export async function explainHeld(orchard: Orchard): Promise<readonly Held[]> {
  const repository = await orchard.repository();
  const tracker = await orchard.tracker();
  const target = tracker.home === undefined ? undefined : await targetOf(repository, tracker.home.base);
  const standingOf = (tip: Oid) => mergedHow(orchard, tip, target);
  return [...(await worktrees(orchard, tracker, standingOf)), ...(await branches(orchard, tracker, standingOf))];
}

type MergedHow = (tip: Oid) => Promise<AlreadyIn>;

async function targetOf(repository: Repository, base: string): Promise<readonly Oid[]> {
  const refs = [landedRef(parseRef(base)), parseRef(base)];
  const found = await Promise.all(refs.map((ref) => repository.resolve(ref)));
  return [...new Set(found.filter((oid) => oid !== undefined))];
}

async function mergedHow(orchard: Orchard, tip: Oid, targets: readonly Oid[] = []): Promise<AlreadyIn> {
  const repository = await orchard.repository();
  const hub = await orchard.hub();
  for (const target of targets) {
    const how = await alreadyIn(repository, hub, { tip, target });
    if (how !== "no") return how;
  }
  return "no";
}

const HOW: Readonly<Record<Exclude<AlreadyIn, "no">, string>> = {
  ancestor: "all its commits are in the base",
  tree: "merging it would change nothing in the base",
  patch: "one commit in the base makes the same change",
};

async function worktrees(orchard: Orchard, tracker: Tracker, mergedBy: MergedHow): Promise<readonly Held[]> {
  const { mainRoot, worktreesDir } = orchard.place;
  const listed = await readWorktrees(await orchard.repository());
  const names = await readdir(worktreesDir).catch(() => []);
  const held: Held[] = [];
  for (const name of names.sort()) {
    const folder = join(worktreesDir, name);
    const path = relative(mainRoot, folder);
    const known = listed.byPath(folder);
    const lane = lanesInOrder(tracker).find((one) => [one.worktree?.path, resolveOf(one)?.path].includes(path));
    const bytes = await diskUsed(folder);
    if (lane !== undefined)
      held.push({ kind: "worktree", name: path, bytes, ...(await ofLane(orchard, lane, folder, mergedBy)) });
    else if (/^Orchard's (own|pool)/.test(known?.locked ?? ""))
      held.push({
        kind: "worktree",
        name: path,
        bytes,
        standing: "own",
        why: "Orchard's own; made anew when it is needed",
      });
    else if (known === undefined)
      held.push({
        kind: "worktree",
        name: path,
        bytes,
        standing: "unknown",
        why: "no worktree of this repository; Orchard leaves it alone",
      });
    else
      held.push({
        kind: "worktree",
        name: path,
        bytes,
        standing: "unknown",
        why: "no lane on record has it; Orchard leaves it alone",
      });
  }
  return held;
}

async function ofLane(
  orchard: Orchard,
  lane: Lane,
  folder: string,
  mergedBy: MergedHow,
): Promise<Pick<Held, "standing" | "why">> {
  if (isActive(lane)) return { standing: "live", why: `lane ${lane.id} is ${lane.state}` };
  const seen = await inspectWorktree(await orchard.repository(), folder).catch(() => undefined);
  if (seen?.intact !== true)
    return { standing: "unknown", why: "it is no longer the worktree that was made: orch doctor" };
  const dirty = dirtyPaths(seen).length;
  if (dirty > 0)
    return { standing: "live", why: `it has uncommitted work in ${dirty} ${dirty === 1 ? "path" : "paths"}` };
  if (seen.operation !== undefined) return { standing: "live", why: `a ${seen.operation} is in progress in it` };
  const how = seen.head === undefined ? "no" : await mergedBy(seen.head);
  if (!isLanded(lane) && lane.state !== "completed")
    return { standing: "live", why: `lane ${lane.id} is ${lane.state}` };
  if (how !== "no") return { standing: "merged", why: `${HOW[how]}; remove it: orch cleanup` };
  return {
    standing: "live",
    why: isLanded(lane) ? "it has commits that did not land" : "its work has not landed: orch merge",
  };
}

async function branches(orchard: Orchard, tracker: Tracker, mergedBy: MergedHow): Promise<readonly Held[]> {
  const repository = await orchard.repository();
  const rescued = new Set((await listRescues(repository)).map(({ name }) => name));
  const held: Held[] = [];
  for (const [ref, tip] of await branchTips(repository)) {
    const name = shortName(ref);
    if (!/^(lane|resolve)-/.test(name)) continue;
    const id = name.replace(/^(lane|resolve)-/, "");
    held.push({ kind: "branch", name, ...(await ofBranch(findLane(tracker, id), tip, rescued.has(id), mergedBy)) });
  }
  return held;
}

async function ofBranch(
  lane: Lane | undefined,
  tip: Oid,
  isRescued: boolean,
  mergedBy: MergedHow,
): Promise<Pick<Held, "standing" | "why">> {
  if (lane !== undefined && isActive(lane)) return { standing: "live", why: `lane ${lane.id} is ${lane.state}` };
  const how = await mergedBy(tip);
  if (how !== "no") return { standing: "merged", why: HOW[how] };
  if (lane?.work?.head === tip) return { standing: "live", why: `the work of lane ${lane.id}, which has not landed` };
  if (lane?.worktree !== undefined) return { standing: "live", why: `lane ${lane.id} is ${lane.state}` };
  if (isRescued) return { standing: "rescued", why: `work that was set aside: orch rescue list` };
  return { standing: "unknown", why: "it holds commits that are nowhere else, and no lane on record has it" };
}
