import { join } from "node:path";
import { assertNever, type LaneId, OrchardError, printableLine } from "@orchard/kernel";
import { happened, type Lane } from "@orchard/tracker-core";
import {
  type PoolSize,
  type RefusalReason,
  type RemovableWorktree,
  recoverRemovals,
  removeWorktree,
  verifyRemovable,
} from "@orchard/worktree-git";
import { freePorts } from "../environment/allocate-ports.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { branchOf, type Place } from "../orchard/place.ts";
import { record } from "../orchard/record.ts";
import { freeBranch } from "./free-branch.ts";
import { isOwnOrAbove } from "./is-own-or-above.ts";

/** Where a worktree went: the ref that pins its work, the number to restore it by, and its folder in the trash. */
export interface SetAside {
  readonly rescue: string;
  readonly number: number;
  readonly trash: string;
}

/**
 * Moves a lane's worktree, damaged or not, out of the way and frees its branch name, with everything pinned first: it comes
 * back by `orch rescue restore`. A lane without a worktree is left as it is. Throws `NOT_REMOVABLE`.
 */
export async function setAside(orchard: Orchard, lane: Lane, why: string): Promise<SetAside | undefined> {
  const path = (await wasNeverMade(orchard, lane)) ? undefined : lane.worktree?.path;
  const done = path === undefined ? undefined : await setAsideFolder(orchard, lane, { path, why, damaged: true });
  if (lane.worktree !== undefined || lane.setAside !== undefined) await freeBranch(orchard, lane.id, branchOf(lane.id));
  return done;
}

/** Its making failed, and what there was of it is in the trash: nothing of an agent's was in it. */
export async function wasNeverMade({ place }: Orchard, { worktree }: Lane): Promise<boolean> {
  return worktree?.ready === false && !(await pathExists(join(place.mainRoot, worktree.path)));
}

export interface FolderToSetAside {
  /** Relative to the main checkout. */
  readonly path: string;
  readonly why: string;
  /** Its tracked files stay for the next lane, as long as the pool has room. */
  readonly retire?: PoolSize;
  /** Also when its `.git` file is gone or was changed. */
  readonly damaged?: boolean;
}

/** As {@link setAside}, for one folder of the lane: its worktree or the one of a conflict. */
export async function setAsideFolder(
  orchard: Orchard,
  lane: Lane,
  { path, why, retire, damaged = false }: FolderToSetAside,
): Promise<SetAside> {
  const gone = await goneAlready(orchard, lane, path);
  if (gone !== undefined) return gone;
  const worktree = await requireRemovable(orchard, lane.id, path, { damaged });
  const done = await removeWorktree(await orchard.repository(), worktree, {
    name: lane.id,
    ...(retire === undefined ? {} : { retire }),
  });
  return recordSetAside(orchard, lane, { path, why, ...done });
}

/** A folder of the lane that could be moved out of the way now. Throws `NOT_REMOVABLE`. */
export async function requireRemovable(
  { place, repository }: Orchard,
  lane: LaneId,
  path: string,
  { damaged = false }: Pick<FolderToSetAside, "damaged"> = {},
): Promise<RemovableWorktree> {
  const request = { path: join(place.mainRoot, path), recordedRoot: place.worktreesDir, damaged };
  const checked = await verifyRemovable(await repository(), request);
  if (checked.kind === "refused") throw notRemovable(place, lane, path, checked.reasons);
  return checked.worktree;
}

/**
 * A worktree on record whose folder is in the trash: whoever moved it there died before saying so. Recorded now;
 * `undefined` when the folder stands, or when nobody of ours took it away.
 */
export async function goneAlready(orchard: Orchard, lane: Lane, path: string): Promise<SetAside | undefined> {
  const folder = join(orchard.place.mainRoot, path);
  if (await pathExists(folder)) return undefined;
  const recorded = (await orchard.tracker()).removals.filter((one) => one.lane === lane.id).map(({ number }) => number);
  const removed = await recoverRemovals(await orchard.repository());
  const cutOff = removed.find((one) => one.name === lane.id && one.path === folder && !recorded.includes(one.number));
  return cutOff === undefined
    ? undefined
    : recordSetAside(orchard, lane, { ...cutOff, path, why: "a clean-up that was cut off" });
}

/** Says on record that a folder of the lane was moved out of the way. */
export async function recordSetAside(
  orchard: Orchard,
  lane: Lane,
  { path, why, rescue, number, trash }: SetAside & { readonly path: string; readonly why: string },
): Promise<SetAside> {
  await freePorts(orchard, join(orchard.place.mainRoot, path));
  await record(orchard, `worktree of ${lane.id} set aside: ${why}`, () =>
    happened({ type: "worktree-removed", lane: lane.id, path, number, rescue, trash, why }),
  );
  return { rescue, number, trash };
}

function words(reason: RefusalReason): string {
  switch (reason.why) {
    case "processInside":
      if (isOwnOrAbove(reason.pid)) return STANDS_INSIDE;
      return `a process works inside (pid ${reason.pid}, ${printableLine(reason.command, 60)})`;
    case "tampered":
      return `its link to the repository was changed (${reason.what}), see orch doctor`;
    case "notAWorktree":
      return "it is not a worktree of this repository";
    case "mainWorktree":
      return "it is the main checkout";
    case "outsideRoot":
      return "it lies outside the folder of worktrees";
    case "isALink":
      return "it is a symbolic link";
    case "notLockedByUs":
      return "Orchard did not make it";
    default:
      return assertNever(reason);
  }
}

const STANDS_INSIDE = "this command was started in it: leave the folder first";

function notRemovable(place: Place, lane: string, path: string, found: readonly RefusalReason[]): OrchardError {
  const reasons = [...new Set(found.map(words))];
  return new OrchardError({
    code: "NOT_REMOVABLE",
    kind: "state",
    message: `The worktree of lane "${lane}" stays at ${path}: ${reasons.join("; ")}.`,
    hint: reasons.includes(STANDS_INSIDE)
      ? `Run it again from elsewhere: cd ${JSON.stringify(place.mainRoot)}`
      : found.some(({ why }) => why === "processInside")
        ? `End what works there: orch stop ${lane}`
        : found.some(({ why }) => why === "tampered")
          ? `Let it be set aside as it is: orch doctor --repair; then: orch retry ${lane}`
          : "See what can be done: orch doctor",
    details: { lane, path, reasons },
  });
}
