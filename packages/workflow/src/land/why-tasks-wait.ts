import { isoTime } from "@orchard/kernel";
import {
  type BroughtTask,
  findLane,
  findTask,
  isDone,
  isLanded,
  type Lane,
  laneTasks,
  type OutOfStep,
  outOfStep,
  type Progress,
  type TaskWorktree,
  type Tracker,
} from "@orchard/tracker-core";
import { parseOid } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { isContentOf } from "../tasks/what-is-here.ts";
import { ownTasks, taskWorktreeOf } from "./own-tasks.ts";

/**
 * Why the tasks that a lane finished or contains keep it from landing: its own is not done any more, the code of another
 * is not what it stands for today, or has not landed itself.
 */
export async function whyTasksWait(orchard: Orchard, progress: Progress, lane: Lane): Promise<string | undefined> {
  const own = ownTrouble(progress, lane, orchard.ports.clock.now());
  if (own !== undefined) return own;
  const worktree = await taskWorktreeOf(orchard, progress, lane);
  if (worktree === undefined) return undefined;
  const flags = await flagsThatCount(orchard, progress, lane, worktree);
  if (flags.length > 0) return sayFlags(flags, worktree);
  const tracker = await orchard.tracker();
  for (const part of unlandedParts(progress, lane, worktree)) {
    const why = await whyPartWaits(orchard, { tracker, progress }, lane, part);
    if (why !== undefined) return why;
  }
  return undefined;
}

function ownTrouble(progress: Progress, lane: Lane, now: number): string | undefined {
  for (const { task, record } of ownTasks(progress, lane)) {
    if (record.state === "changes_requested" || record.pr?.status === "rejected")
      return `its task ${task} was rejected: orch retry ${lane.id}`;
    if (record.state !== "completed") return `its task ${task} was taken back (${record.state}): orch retry ${lane.id}`;
    if (!isDone(record)) return `no branch holds the commit of its task ${task} any more: orch retry ${lane.id}`;
  }
  const open = laneTasks(progress, lane, isoTime(now)).find(({ kind }) => kind !== "done");
  return open && `its task ${open.task} is not done any more: orch retry ${lane.id}`;
}

/** What landed squashed is another commit of the same content: a restack would change nothing. */
async function flagsThatCount(
  orchard: Orchard,
  progress: Progress,
  lane: Lane,
  worktree: TaskWorktree,
): Promise<readonly OutOfStep[]> {
  const flags: OutOfStep[] = [];
  for (const flag of outOfStep(progress, worktree)) {
    if (!(await isSameByContent(orchard, progress, lane, flag))) flags.push(flag);
  }
  return flags;
}

/** The replacement of a part, when it has landed and its code is just what the lane contains. */
export async function isSameByContent(
  orchard: Orchard,
  progress: Progress,
  lane: Lane,
  { part, why, replacement }: OutOfStep,
): Promise<boolean> {
  const isIn = findTask(progress, part.spec, part.task)?.work?.landed !== undefined;
  if (why !== "replaced" || replacement === undefined || lane.work === undefined || !isIn) return false;
  const hub = await orchard.hub();
  const { from, to } = replacement;
  return isContentOf(hub, parseOid(lane.work.head), { start: from, commit: to });
}

function sayFlags(flags: readonly OutOfStep[], { path }: TaskWorktree): string {
  const ready = flags.filter(({ replacement }) => replacement !== undefined);
  if (ready.length > 0) {
    const what = ready.map(({ part, why }) => `${part.task} ${WORDS[why]}`).join(", ");
    return `restack first: orbit-agent restack in ${path} (${what})`;
  }
  return `it contains ${flags.map(({ part, why }) => `${part.task}, which ${WORDS[why]}`).join(", ")}`;
}

const WORDS = {
  replaced: "has other code by now",
  rejected: "was rejected",
  accepted: "was accepted again",
  redone: "is done once more",
  gone: "is on no branch any more",
};

function unlandedParts(progress: Progress, lane: Lane, { brought }: TaskWorktree): readonly BroughtTask[] {
  return brought.filter(({ spec, task, takenOut }) => {
    const work = findTask(progress, spec, task)?.work;
    return takenOut !== true && work?.landed === undefined && work?.place.lane !== lane.id;
  });
}

interface Known {
  readonly tracker: Tracker;
  readonly progress: Progress;
}

async function whyPartWaits(
  orchard: Orchard,
  known: Known,
  lane: Lane,
  part: BroughtTask,
): Promise<string | undefined> {
  const place = findTask(known.progress, part.spec, part.task)?.work?.place;
  const work = findTask(known.progress, part.spec, part.task)?.work;
  const other = place?.lane === undefined ? undefined : findLane(known.tracker, place.lane);
  if (other === undefined) return `it contains ${part.task} of @${work?.agent ?? "?"}, which has not landed`;
  if (await isEachInTheOther(orchard, known, lane, other)) {
    if (other.state === "completed") return ownTrouble(known.progress, other, orchard.ports.clock.now());
    return `it contains ${part.task} of lane "${other.id}", which is ${other.state}`;
  }
  return `it contains ${part.task} of lane "${other.id}", which has not landed`;
}

/** Task by task two lanes can build on each other: then neither can wait for the other, and both land once both are done. */
async function isEachInTheOther(orchard: Orchard, known: Known, lane: Lane, other: Lane): Promise<boolean> {
  const seen = new Set<string>([other.id]);
  const open: Lane[] = [other];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const worktree = await taskWorktreeOf(orchard, known.progress, at);
    for (const part of worktree === undefined ? [] : unlandedParts(known.progress, at, worktree)) {
      const id = findTask(known.progress, part.spec, part.task)?.work?.place.lane;
      if (id === lane.id) return true;
      const next = id === undefined || seen.has(id) ? undefined : findLane(known.tracker, id);
      if (next === undefined || isLanded(next)) continue;
      seen.add(next.id);
      open.push(next);
    }
  }
  return false;
}
