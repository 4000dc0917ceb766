import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { findLane, type UndoStep } from "@orchard/tracker-core";
import { listRescues, type Rescue } from "@orchard/worktree-git";
import { requireRemovable } from "../clean/set-aside.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";

/**
 * Every reason why worktrees cannot go or come back as the steps want it now: a process works in one, its place is taken,
 * its files are gone from the trash. Asked before anything is announced.
 */
export async function whyNotInTheWorld(orchard: Orchard, steps: readonly UndoStep[]): Promise<readonly string[]> {
  const isAboutRescues = steps.some(({ kind }) => kind === "restore");
  const rescues = isAboutRescues ? await listRescues(await orchard.repository()) : [];
  const reasons: (string | undefined)[] = [];
  for (const step of steps) {
    if (step.kind === "restore") reasons.push(await whyNotRestored(orchard, step, rescues));
    if (step.kind === "setAside") reasons.push(await whyNotSetAside(orchard, step));
  }
  return reasons.filter((reason) => reason !== undefined);
}

async function whyNotSetAside(
  orchard: Orchard,
  { lane, path }: Extract<UndoStep, { kind: "setAside" }>,
): Promise<string | undefined> {
  if (!(await pathExists(join(orchard.place.mainRoot, path)))) return undefined;
  try {
    await requireRemovable(orchard, lane, path);
    return undefined;
  } catch (error) {
    if (!isOrchardError(error, "NOT_REMOVABLE")) throw error;
    return error.message.replace(/\.$/, "");
  }
}

async function whyNotRestored(
  orchard: Orchard,
  { lane, number }: Extract<UndoStep, { kind: "restore" }>,
  rescues: readonly Rescue[],
): Promise<string | undefined> {
  const found = rescues.find((one) => one.name === lane && one.number === number);
  const place = findLane(await orchard.tracker(), lane)?.setAside?.worktree.path;
  const stands = place !== undefined && (await pathExists(join(orchard.place.mainRoot, place)));
  // Whoever brought it back died before saying so: only the record is left to do.
  if (found?.trash === undefined) return stands ? undefined : `the files of ${lane}/${number} are gone from the trash`;
  if (!found.restorable) return `the files of ${lane}/${number} are gone from the trash (see orch doctor)`;
  if (await pathExists(found.trash.path)) return `${found.trash.path} is taken by something else`;
  const { branch } = found.trash;
  const [user] = branch === undefined ? [] : await (await orchard.repository()).checkedOutAt(branch);
  return user === undefined ? undefined : `its branch is checked out in ${user}`;
}
