import { join } from "node:path";
import { type Lane, type LaneResolve, requireHome, resolveOf } from "@orchard/tracker-core";
import { inspectWorktree, type Oid, parseOid, parseRef, type Repository } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { ensureLanded } from "./landed.ts";
import { undoneInTheWay } from "./undone-in-the-way.ts";

/**
 * How far a person has come with a lane's conflict. `none`: nobody began, or took it back with `git merge --abort`, or it
 * was begun on a landing that was moved back since; then the conflict is as it was.
 */
export type Resolution =
  | { readonly kind: "none" }
  | { readonly kind: "unfinished"; readonly reason: string }
  | { readonly kind: "finished"; readonly head: Oid };

interface Place {
  readonly resolve: LaneResolve;
  readonly folder: string;
}

/** Looks into the worktree of the conflict; what was begun for other work of the lane does not count. */
export async function readResolution(driver: Driver, lane: Lane): Promise<Resolution> {
  const resolve = resolveOf(lane);
  if (resolve === undefined || resolve.head !== lane.work?.head) return { kind: "none" };
  const folder = join(driver.orchard.place.mainRoot, resolve.path);
  return (await pathExists(folder)) ? inspect(driver, lane, { resolve, folder }) : { kind: "none" };
}

async function inspect(driver: Driver, lane: Lane, { resolve, folder }: Place): Promise<Resolution> {
  const unfinished = (what: string): Resolution => ({
    kind: "unfinished",
    reason: `its conflict is not resolved yet: ${what} in ${folder}`,
  });
  const repository = await driver.orchard.repository();
  const seen = await inspectWorktree(repository, folder);
  if (seen.operation !== undefined) return unfinished(`a ${seen.operation} is in progress`);
  if (seen.staged.count + seen.unstaged.count > 0) return unfinished("there are uncommitted changes");
  if (seen.head === undefined) return unfinished("nothing is committed");
  if (seen.head === resolve.onto) return { kind: "none" };
  const hasBoth =
    (await repository.isAncestor(parseOid(resolve.head), seen.head)) &&
    (await repository.isAncestor(parseOid(resolve.onto), seen.head));
  if (!hasBoth) return unfinished("the commit there does not contain both sides");
  const landed = await ensureLanded(repository, parseRef(requireHome(await driver.orchard.tracker()).base));
  // Begun on a landing that was moved back since: to land it would land that again.
  const undone = await undoneInTheWay(driver.orchard, { lane: lane.id, head: seen.head, landed });
  if (undone !== undefined) return { kind: "none" };
  const marked = await firstWithMarkers(repository, seen.head, conflictedFiles(lane));
  return marked === undefined
    ? { kind: "finished", head: seen.head }
    : unfinished(`conflict markers are left in ${marked}`);
}

function conflictedFiles(lane: Lane): readonly string[] {
  return lane.merge?.state === "conflicted" ? lane.merge.conflict.files : [];
}

/** A file that was in conflict and still shows both sides; who added it so did not look. */
async function firstWithMarkers(
  repository: Repository,
  commit: Oid,
  files: readonly string[],
): Promise<string | undefined> {
  for (const file of files) {
    const text = (await repository.readFileAt(commit, file))?.toString("latin1") ?? "";
    if (/^<{7} /m.test(text) && /^={7}\r?$/m.test(text) && /^>{7} /m.test(text)) return file;
  }
  return undefined;
}
