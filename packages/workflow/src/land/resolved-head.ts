import { join } from "node:path";
import { type Lane, type LaneResolve, resolveOf } from "@orchard/tracker-core";
import { inspectWorktree, type Oid, parseOid } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { pathExists } from "../orchard/path-exists.ts";

export type ResolvedHead =
  | { readonly kind: "head"; readonly head: Oid }
  | { readonly kind: "unfinished"; readonly reason: string };

/** What shall be merged for the lane: the commit in which a person resolved its conflict, else the lane's own head. */
export async function resolvedHead(driver: Driver, lane: Lane): Promise<ResolvedHead> {
  const own: ResolvedHead = { kind: "head", head: parseOid(lane.work?.head ?? "") };
  const resolve = resolveOf(lane);
  if (resolve === undefined || resolve.head !== lane.work?.head) return own;
  const folder = join(driver.orchard.place.mainRoot, resolve.path);
  if (!(await pathExists(folder))) return own;
  const what = await whatIsUnfinished(driver, resolve, folder);
  if (typeof what !== "string") return { kind: "head", head: what.head };
  return { kind: "unfinished", reason: `its conflict is not resolved yet: ${what} in ${folder}` };
}

async function whatIsUnfinished(driver: Driver, resolve: LaneResolve, folder: string): Promise<string | { head: Oid }> {
  const repository = await driver.orchard.repository();
  const seen = await inspectWorktree(repository, folder);
  if (seen.operation !== undefined) return `a ${seen.operation} is in progress`;
  if (seen.staged.count + seen.unstaged.count > 0) return "there are uncommitted changes";
  if (seen.head === undefined || seen.head === resolve.onto) return "nothing is committed";
  const hasBoth =
    (await repository.isAncestor(parseOid(resolve.head), seen.head)) &&
    (await repository.isAncestor(parseOid(resolve.onto), seen.head));
  return hasBoth ? { head: seen.head } : "the commit there does not contain both sides";
}
