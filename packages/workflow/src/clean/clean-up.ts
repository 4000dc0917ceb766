import { join } from "node:path";
import { isOrchardError, type LaneId } from "@orchard/kernel";
import { isActive, isLanded, type Lane, lanesInOrder, resolveOf } from "@orchard/tracker-core";
import { findWorktree, inspectWorktree, parseOid, parseRef, type Repository } from "@orchard/worktree-git";
import { dirtyPaths } from "../orchard/dirty-paths.ts";
import { activeDriver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { branchOf } from "../orchard/place.ts";
import { goneAlready, requireRemovable, setAsideFolder } from "./set-aside.ts";

/**
 * What a clean-up set aside, or would, and what stays. Paths are relative to the main checkout; `rescue` is the ref
 * that pins the work, empty when it was only foreseen.
 */
export interface CleanedUp {
  readonly removed: readonly { readonly lane: LaneId; readonly path: string; readonly rescue: string }[];
  readonly kept: readonly { readonly lane: LaneId; readonly path: string; readonly reason: string }[];
  /** Branches of landed lanes whose names are free again, or would be; their commits are in the base. */
  readonly branches: readonly string[];
}

/**
 * Sets aside the worktrees of landed, clean lanes and says of each other one why it stays. `rescue`: those too,
 * pinned first, except what is being worked on. `dryRun`: only says what it would do.
 */
export async function cleanUp(
  orchard: Orchard,
  options: { readonly rescue: boolean; readonly dryRun: boolean },
): Promise<CleanedUp> {
  const tracker = await orchard.tracker();
  const removed: CleanedUp["removed"][number][] = [];
  const kept: CleanedUp["kept"][number][] = [];
  const branches: string[] = [];
  const driverLives = activeDriver(tracker) !== undefined;
  for (const lane of lanesInOrder(tracker)) {
    for (const path of foldersOf(lane)) {
      if (!(await pathExists(join(orchard.place.mainRoot, path)))) {
        const gone = options.dryRun ? undefined : await goneAlready(orchard, lane, path);
        if (gone !== undefined) removed.push({ lane: lane.id, path, rescue: gone.rescue });
        continue;
      }
      const reason = await whyItStays(orchard, lane, path, { ...options, driverLives });
      if (reason !== undefined) {
        kept.push({ lane: lane.id, path, reason });
        continue;
      }
      const done = await trySetAside(orchard, lane, path, options);
      if ("refused" in done) kept.push({ lane: lane.id, path, reason: done.refused });
      else removed.push({ lane: lane.id, path, rescue: done.rescue });
    }
    const gone = removed.filter((one) => one.lane === lane.id).map(({ path }) => path);
    if (isLanded(lane)) branches.push(...(await freeLandedBranch(orchard, lane, { ...options, gone })));
  }
  return { removed, kept, branches };
}

function foldersOf(lane: Lane): readonly string[] {
  return [lane.worktree?.path, resolveOf(lane)?.path].filter((path) => path !== undefined);
}

async function whyItStays(
  orchard: Orchard,
  lane: Lane,
  path: string,
  options: { readonly rescue: boolean; readonly driverLives: boolean },
): Promise<string | undefined> {
  if (isActive(lane)) {
    return options.driverLives
      ? `an agent works in it (${lane.state})`
      : `it was interrupted while ${lane.state}; go on: orch resume`;
  }
  if (options.rescue) return undefined;
  if (!isLanded(lane))
    return lane.state === "completed" ? "its work has not landed: orch merge" : `the lane is ${lane.state}`;
  return dirtOf(await orchard.repository(), join(orchard.place.mainRoot, path), lane);
}

async function dirtOf(repository: Repository, folder: string, lane: Lane): Promise<string | undefined> {
  if ((await findWorktree(repository, folder)) === undefined) return "git has no worktree on record there: orch doctor";
  const seen = await inspectWorktree(repository, folder);
  if (!seen.intact) return "it is no longer the worktree that was made for the lane: orch doctor";
  if (seen.operation !== undefined) return `a ${seen.operation} is in progress in it`;
  const dirty = dirtyPaths(seen);
  if (dirty.length > 0)
    return `it has uncommitted work: ${dirty.slice(0, 5).join(", ")}${dirty.length > 5 ? ", …" : ""}`;
  if (seen.head === lane.work?.head) return undefined;
  const landed = lane.merge?.state === "landed" ? parseOid(lane.merge.commit) : undefined;
  const isIn = seen.head !== undefined && landed !== undefined && (await repository.isAncestor(seen.head, landed));
  return isIn ? undefined : "it has commits that did not land";
}

async function trySetAside(
  orchard: Orchard,
  lane: Lane,
  path: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<{ readonly rescue: string } | { readonly refused: string }> {
  try {
    if (dryRun) {
      await requireRemovable(orchard, lane.id, path);
      return { rescue: "" };
    }
    const retire = isLanded(lane) && path === lane.worktree?.path ? await poolSize(orchard) : {};
    return await setAsideFolder(orchard, lane, { path, why: "cleanup", ...retire });
  } catch (error) {
    if (isOrchardError(error) && error.kind !== "lock") return { refused: error.message };
    throw error;
  }
}

/** `retire` where the configuration keeps worktrees for the next lanes. */
async function poolSize(orchard: Orchard): Promise<{ readonly retire?: { readonly atMost: number } }> {
  const { config } = await orchard.config();
  return config.pool > 0 ? { retire: { atMost: config.pool } } : {};
}

/** The branch of a landed lane is only a second name of commits that the base contains; a moved one stays. */
async function freeLandedBranch(
  orchard: Orchard,
  lane: Lane,
  { dryRun, gone }: { readonly dryRun: boolean; readonly gone: readonly string[] },
): Promise<readonly string[]> {
  const branch = branchOf(lane.id);
  const repository = await orchard.repository();
  const ref = parseRef(`refs/heads/${branch}`);
  const tip = await repository.resolve(ref);
  if (tip === undefined || tip !== lane.work?.head) return [];
  const folders = gone.map((path) => join(orchard.place.mainRoot, path));
  if ((await repository.checkedOutAt(ref)).some((path) => !folders.includes(path))) return [];
  return dryRun || (await repository.deleteRef(ref, tip)) === "deleted" ? [branch] : [];
}
