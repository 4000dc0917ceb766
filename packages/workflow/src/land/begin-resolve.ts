import { join, relative } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { happened, type Lane, requireHome, resolveOf } from "@orchard/tracker-core";
import { beginMerge, listRescues, type Oid, parseOid, parseRef, type RefName } from "@orchard/worktree-git";
import { freeBranch } from "../clean/free-branch.ts";
import { goneAlready, type SetAside, setAsideFolder } from "../clean/set-aside.ts";
import { setGoneAside } from "../clean/set-gone-aside.ts";
import { branchTaken } from "../errors.ts";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { resolvePath } from "../orchard/place.ts";
import { ensureLanded } from "./landed.ts";
import { startToMergeFrom } from "./landing-candidate.ts";
import { readResolution } from "./resolution.ts";

/**
 * Makes `.worktrees/resolve-<lane>` with the conflicting merge in progress, for a person (or an agent) to finish
 * with `git add` and `git merge --continue`. One in which that goes on is kept; one that was aborted, or whose result
 * conflicts with what has landed since, is set aside and begun anew from there. Returns its path. Throws `BRANCH_TAKEN`
 * where the branch is somebody's, `NOT_REMOVABLE` where the older worktree has to stay.
 */
export async function beginResolve(driver: Driver, lane: Lane): Promise<string> {
  const { orchard } = driver;
  const path = resolvePath(orchard.place, lane.id);
  const resolution = await readResolution(driver, lane);
  if (resolution.kind === "unfinished") return path;
  const repository = await orchard.repository();
  const shown = relative(orchard.place.mainRoot, path);
  const aside = await clearPlace(orchard, lane, shown);
  if (aside !== undefined && resolution.kind === "none") tellOfOlder(orchard, lane, shown, aside);
  const branch = `resolve-${lane.id}`;
  const ref = parseRef(`refs/heads/${branch}`);
  const landed = await ensureLanded(repository, parseRef(requireHome(await orchard.tracker()).base));
  if (!(await isOwnBranch(orchard, lane, { ref, landed }))) throw branchTaken(lane.id, branch);
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

/** What stood there, or what git still has on record of it, is out of the way, pinned. */
async function clearPlace(orchard: Orchard, lane: Lane, path: string): Promise<SetAside | undefined> {
  const why = "an older conflict";
  return (await pathExists(join(orchard.place.mainRoot, path)))
    ? setAsideFolder(orchard, lane, { path, why })
    : setGoneAside(orchard, lane, { path, why });
}

/** Somebody may have worked there: what is not taken over is named. */
function tellOfOlder({ ports }: Orchard, { id }: Lane, path: string, { number }: SetAside): void {
  const text = `what stood in ${path} was no resolution of this conflict; it is set aside as ${id}/${number}`;
  ports.report({ type: "warning", text, hint: `Look at it: orch rescue show ${id}/${number}` });
}

/**
 * On record as ours; or at what had landed, as a crash leaves it unrecorded; or pinned with a worktree of this conflict
 * that was set aside, by which the record of it ends. Anything else is somebody's.
 */
async function isOwnBranch(
  orchard: Orchard,
  lane: Lane,
  { ref, landed }: { readonly ref: RefName; readonly landed: Oid },
): Promise<boolean> {
  if (resolveOf(lane) !== undefined) return true;
  const repository = await orchard.repository();
  const tip = await repository.resolve(ref);
  if (tip === undefined) return true;
  if ((await repository.checkedOutAt(ref)).length > 0) return false;
  const path = resolvePath(orchard.place, lane.id);
  const pins = (await listRescues(repository)).filter(
    ({ name, trash }) => name === lane.id && (trash === undefined || trash.path === path),
  );
  for (const commit of [landed, ...pins.map((pin) => pin.commit)]) {
    if (await repository.isAncestor(tip, commit)) return true;
  }
  return false;
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
