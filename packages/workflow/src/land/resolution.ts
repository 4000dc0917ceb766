import { join } from "node:path";
import { type Lane, type LaneResolve, resolveOf } from "@orchard/tracker-core";
import { inspectWorktree, type Oid, parseOid } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { pathExists } from "../orchard/path-exists.ts";

/**
 * How far a person has come with a lane's conflict. `none`: nobody began, or took it back with `git merge --abort`;
 * then the conflict is as it was.
 */
export type Resolution =
  | { readonly kind: "none" }
  | { readonly kind: "unfinished"; readonly reason: string }
  | { readonly kind: "finished"; readonly head: Oid };

/** Looks into the worktree of the conflict; what was begun for other work of the lane does not count. */
export async function readResolution(driver: Driver, lane: Lane): Promise<Resolution> {
  const resolve = resolveOf(lane);
  if (resolve === undefined || resolve.head !== lane.work?.head) return { kind: "none" };
  const folder = join(driver.orchard.place.mainRoot, resolve.path);
  return (await pathExists(folder)) ? inspect(driver, resolve, folder) : { kind: "none" };
}

async function inspect(driver: Driver, resolve: LaneResolve, folder: string): Promise<Resolution> {
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
  return hasBoth ? { kind: "finished", head: seen.head } : unfinished("the commit there does not contain both sides");
}
