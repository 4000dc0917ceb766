import { stat } from "node:fs/promises";
import { join } from "node:path";
import { processesInside } from "@orchard/host";
import { happened, isActive, isLanded, isWaiting, type Lane, lanesInOrder, resolveOf } from "@orchard/tracker-core";
import {
  findMovedWorktree,
  findWorktree,
  inspectWorktree,
  leftBehindRegistration,
  moveWorktreeBack,
  putAbandonedLockAside,
  putGoneAside,
  verifyRemovable,
} from "@orchard/worktree-git";
import { goneAlready, recordSetAside, setAsideFolder } from "../../clean/set-aside.ts";
import { pathExists } from "../../orchard/path-exists.ts";
import { record } from "../../orchard/record.ts";
import type { Finding, Repaired } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** Each worktree on record: is it there, is it the one that was made, is something left in it. */
export const checkWorktrees: Check = {
  name: "worktrees",
  look: async (patient) => {
    const findings: Finding[] = [];
    for (const lane of lanesInOrder(patient.state.tracker)) {
      if (patient.isDriven && isActive(lane)) continue;
      const paths = [lane.worktree?.path, resolveOf(lane)?.path].filter((path) => path !== undefined);
      // Its folder is made between two records; `orch resume` goes on with it.
      if (lane.state === "preparing") continue;
      for (const path of paths) findings.push(...(await lookAt(patient, lane, path)));
    }
    return findings;
  },
};

async function lookAt(patient: Patient, lane: Lane, path: string): Promise<readonly Finding[]> {
  const { orchard, repository } = patient;
  const folder = join(orchard.place.mainRoot, path);
  if (!(await pathExists(folder))) return [await gone(patient, lane, path)];
  const formerRoot = patient.state.tracker.home?.mainRepo ?? "";
  if ((await leftBehindRegistration(repository, { path: folder, formerRoot })) !== undefined) return [];
  const place = await findWorktree(repository, folder);
  const seen = place === undefined ? undefined : await inspectWorktree(repository, folder);
  if (place === undefined || seen?.intact !== true) return [await tampered(patient, lane, path)];
  const lock = join(place.gitDir, "index.lock");
  const isLeft = seen.indexLock && processesInside(place.root).length === 0 && (await ageOf(lock)) > YOUNG_MS;
  if (!isLeft) return [];
  return [
    {
      code: "index-lock-left",
      severity: "warning",
      sentence: `A git that was killed left its lock in ${path}; no commit can be made there.`,
      todo: "orch doctor --repair puts the lock aside: no process works in that worktree.",
      repair: async () => {
        await putAbandonedLockAside(repository, place);
        return { did: `The lock of ${path} was put into the trash.` };
      },
    },
  ];
}

/** Only where nothing but its `.git` file is not as it was: that much a restore puts right again. */
async function tampered({ orchard, repository }: Patient, lane: Lane, path: string): Promise<Finding> {
  const finding = {
    code: "worktree-tampered",
    severity: "error",
    sentence: `${path} is no longer the worktree that was made for lane "${lane.id}": git's record and its .git file disagree, and nothing of Orchard's runs in it.`,
  } as const;
  if (isActive(lane)) return { ...finding, todo: endFirst(lane) };
  const folder = { path: join(orchard.place.mainRoot, path), recordedRoot: orchard.place.worktreesDir };
  const checked = await verifyRemovable(repository, { ...folder, damaged: true });
  if (checked.kind === "refused" && checked.reasons.some(({ why }) => why !== "processInside")) {
    const todo = `Move the folder out of .worktrees; what is in it is yours to keep. Then: orch doctor --repair${andThen(lane, path)}`;
    return { ...finding, todo };
  }
  return {
    ...finding,
    todo: `orch doctor --repair sets it aside whole, once no process works in it, with what git still knows pinned${andThen(lane, path)}`,
    repair: async () => {
      const done = await setAsideFolder(orchard, lane, { path, why: "its .git file was damaged", damaged: true });
      const back = `orch rescue restore ${lane.id}/${done.number}`;
      return {
        did: `${path} was set aside as ${done.rescue}; with a .git file as it was it comes back by: ${back}`,
        putAside: [done.trash],
      };
    },
  };
}

async function gone(patient: Patient, lane: Lane, path: string): Promise<Finding> {
  const { orchard, repository } = patient;
  const folder = join(orchard.place.mainRoot, path);
  const moved = await findMovedWorktree(repository, folder);
  if (moved !== undefined) {
    return {
      code: "worktree-moved",
      severity: "warning",
      sentence: `The worktree of lane "${lane.id}" was moved from ${path} to ${moved}.`,
      todo: "orch doctor --repair moves it back, once no process works in it.",
      repair: async () => {
        await moveWorktreeBack(repository, folder);
        return { did: `${moved} was moved back to ${path}.` };
      },
    };
  }
  const isKnown = (await findWorktree(repository, folder)) !== undefined;
  return {
    code: "worktree-gone",
    severity: "warning",
    sentence: `The folder ${path} of lane "${lane.id}" is gone, and no command of Orchard's took it away. ${
      isKnown ? "What was committed or staged in it is still there; other changes are not." : ""
    }`.trim(),
    todo: isActive(lane)
      ? endFirst(lane)
      : `orch doctor --repair pins what is left and frees the place${andThen(lane, path)}. If you moved it elsewhere, move it back instead.`,
    ...(isActive(lane) ? {} : { repair: () => putAside(patient, lane, path, isKnown) }),
  };
}

function endFirst({ id }: Lane): string {
  return `End what is left of its attempt: orch stop ${id}; then run orch doctor again.`;
}

/** What moves the lane on once its place is free; of a lane that has landed nothing is to be done any more. */
function andThen(lane: Lane, path: string): string {
  if (isLanded(lane)) return "; its work has landed";
  if (path !== lane.worktree?.path || (lane.state === "completed" && lane.merge?.state !== "rejected"))
    return "; then: orch merge";
  return isWaiting(lane) ? "; then: orch execute" : `; then: orch retry ${lane.id}`;
}

async function putAside(
  { orchard, repository }: Patient,
  lane: Lane,
  path: string,
  isKnown: boolean,
): Promise<Repaired> {
  const finished = await goneAlready(orchard, lane, path);
  if (finished !== undefined)
    return { did: `${path} had been set aside as ${finished.rescue}; now that is on record.` };
  if (!isKnown) {
    await record(orchard, `worktree of ${lane.id} is gone`, () => happened(goneFact(lane, path)));
    return { did: `${path} is on record as gone.` };
  }
  const done = await putGoneAside(repository, { path: join(orchard.place.mainRoot, path), name: lane.id });
  await recordSetAside(orchard, lane, { ...done, path, why: "its folder was gone" });
  return { did: `What was left of ${path} is pinned as ${done.rescue}.`, putAside: [done.trash] };
}

function goneFact(lane: Lane, path: string) {
  return {
    type: "worktree-removed",
    lane: lane.id,
    path,
    number: 0,
    rescue: "",
    trash: "",
    why: "it was gone",
  } as const;
}

async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

/** A living git holds the lock of an index for moments. */
const YOUNG_MS = 2_000;
