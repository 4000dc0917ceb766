import { join, relative } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { happened, type Lane, requireHome, resolveOf } from "@orchard/tracker-core";
import { beginMerge, parseOid, parseRef } from "@orchard/worktree-git";
import { freeBranch } from "../clean/free-branch.ts";
import { goneAlready, setAsideFolder } from "../clean/set-aside.ts";
import { branchTaken } from "../errors.ts";
import type { Driver } from "../orchard/driver.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { resolvePath } from "../orchard/place.ts";
import { ensureLanded } from "./landed.ts";
import { startToMergeFrom } from "./landing-candidate.ts";
import { readResolution } from "./resolution.ts";

/**
 * Makes `.worktrees/resolve-<lane>` with the conflicting merge in progress, for a person (or an agent) to finish
 * with `git add` and `git merge --continue`. One in which that goes on is kept; one that was aborted, or whose result
 * conflicts with what has landed since, is set aside and begun anew from there. Returns its path.
 */
export async function beginResolve(driver: Driver, lane: Lane): Promise<string> {
  const { orchard } = driver;
  const path = resolvePath(orchard.place, lane.id);
  const resolution = await readResolution(driver, lane);
  if (resolution.kind === "unfinished") return path;
  const repository = await orchard.repository();
  const shown = relative(orchard.place.mainRoot, path);
  if (await pathExists(path)) await setAsideFolder(orchard, lane, { path: shown, why: "an older conflict" });
  const branch = `resolve-${lane.id}`;
  const ref = parseRef(`refs/heads/${branch}`);
  const landed = await ensureLanded(repository, parseRef(requireHome(await orchard.tracker()).base));
  const tip = await repository.resolve(ref);
  // One that a crash left unrecorded stands at what had landed; anything else there is somebody's.
  const isLeftOver = async () =>
    (await repository.checkedOutAt(ref)).length === 0 &&
    tip !== undefined &&
    (await repository.isAncestor(tip, landed));
  const isOurs = resolveOf(lane) !== undefined || tip === undefined || (await isLeftOver());
  if (!isOurs) throw branchTaken(lane.id, branch);
  await freeBranch(orchard, lane.id, branch);
  const head = parseOid(lane.work?.head ?? "");
  const theirs = resolution.kind === "finished" ? resolution.head : head;
  const { progress } = (await orchard.folded()).state;
  const base =
    resolution.kind === "finished" ? undefined : await startToMergeFrom(driver, lane, { landed, theirs, progress });
  const message = `Resolve ${lane.id}\n`;
  await beginMerge(repository, { path, branch: ref, ours: landed, theirs, message, ...(base && { base }) });
  await driver.record(`lane ${lane.id}: conflict to be resolved by hand in ${shown}`, () =>
    happened({ type: "resolve-started", lane: lane.id, resolve: { path: shown, branch, head, onto: landed } }),
  );
  return path;
}

/**
 * After the landing: the worktree of the conflict goes to the trash, pinned as everything else. Again is fine. While
 * somebody works in it, it stays, for `orch cleanup` or the next merge.
 */
export async function endResolve(driver: Driver, lane: Lane): Promise<void> {
  const resolve = resolveOf(lane);
  if (resolve === undefined) return;
  const { orchard } = driver;
  const { path, branch } = resolve;
  try {
    if (await pathExists(join(orchard.place.mainRoot, path)))
      await setAsideFolder(orchard, lane, { path, why: "its conflict is resolved and landed" });
    else await goneAlready(orchard, lane, path);
    await freeBranch(orchard, lane.id, branch);
  } catch (error) {
    if (!isOrchardError(error) || error.kind !== "state") throw error;
    orchard.ports.report({ type: "warning", text: error.message, hint: "Later: orch cleanup" });
  }
}
