import { findLane, gatesOf, isLanded, type Lane, redOf } from "@orchard/tracker-core";
import { type Oid, parseOid } from "@orchard/worktree-git";
import { readProgress } from "../execute/judge-tasks.ts";
import type { Driver } from "../orchard/driver.ts";
import { type LandOptions, type LandOutcome, OVERTAKEN, stepped } from "./land-outcome.ts";
import { type Joined, landingCandidate } from "./landing-candidate.ts";
import { readResolution } from "./resolution.ts";
import { startTakenOut, takenOutBy } from "./taken-out.ts";
import { undoneInTheWay } from "./undone-in-the-way.ts";
import { verifyAndLand } from "./verify-and-land.ts";
import { verifyCommands } from "./verify-commands.ts";
import { whyTasksWait } from "./why-tasks-wait.ts";

/**
 * Lands one lane on `landed`: merge computed in the hub, the combined tree verified, then the landed ref moved by
 * compare-and-swap between two facts. Base and lane stay as they were unless it lands.
 */
export async function landLane(
  driver: Driver,
  lane: Lane,
  landed: Oid,
  options: LandOptions = {},
): Promise<LandOutcome> {
  const work = lane.work;
  if (work === undefined) return { kind: "waits", reason: "its work is not done" };
  const progress = await readProgress(driver.orchard);
  const waits = (await whyItWaits(driver, lane, landed)) ?? (await whyTasksWait(driver.orchard, progress, lane));
  if (waits !== undefined) return { kind: "waits", reason: waits };
  const known = await sameVerdict(driver, lane, landed);
  if (known !== undefined) return known;
  const head = parseOid(work.head);
  const isThere = await isContained(driver, lane, { landed, theirs: head, progress });
  const resolution = isThere ? NOBODY_BEGAN : await readResolution(driver, lane);
  if (resolution.kind === "unfinished") return { kind: "waits", reason: resolution.reason, isConflict: true };
  const theirs = resolution.kind === "finished" ? resolution.head : head;
  const isResolved = resolution.kind === "finished";
  const found = await landingCandidate(driver, lane, { landed, theirs, progress, isResolved });
  if (found.kind === "there") return alreadyThere(driver, lane, landed);
  if (found.kind !== "candidate") return found;
  return verifyAndLand(driver, lane, { head: work.head, landed, candidate: found }, options);
}

const NOBODY_BEGAN = { kind: "none" } as const;

/** By its history, and no commit took its code out. */
async function isContained({ orchard }: Driver, lane: Lane, at: Joined): Promise<boolean> {
  const isInHistory = await (await orchard.repository()).isAncestor(at.theirs, at.landed);
  return isInHistory && (await startTakenOut(orchard, lane, at)) === undefined;
}

async function whyItWaits(driver: Driver, lane: Lane, landed: Oid): Promise<string | undefined> {
  const tracker = await driver.orchard.tracker();
  const repository = await driver.orchard.repository();
  for (const id of gatesOf(tracker, lane)) {
    const dependency = findLane(tracker, id);
    if (dependency !== undefined && !isLanded(dependency)) return `it depends on "${id}", which has not landed`;
  }
  for (const part of lane.contains) {
    const other = findLane(tracker, part.lane);
    if (other === undefined || (isLanded(other) && other.merge?.state === "landed" && other.merge.head === part.head))
      continue;
    if (!isLanded(other)) return `it contains work of "${part.lane}", which has not landed`;
    if (!(await repository.isAncestor(parseOid(part.head), landed))) {
      return `it contains work of "${part.lane}" that was replaced before it landed`;
    }
  }
  if (lane.work === undefined) return undefined;
  const undone = await undoneInTheWay(driver.orchard, { lane: lane.id, head: lane.work.head, landed });
  return undone && `it was begun on ${undone}: orch retry ${lane.id} --fresh begins it anew`;
}

/**
 * Rejected on just this commit before, by a command that still counts: the verdict stands until one of them changes.
 * What a person resolved may be another commit each time, so it is judged anew.
 */
async function sameVerdict(driver: Driver, lane: Lane, landed: Oid): Promise<LandOutcome | undefined> {
  const { merge } = lane;
  if (merge?.state !== "rejected" || merge.onto !== landed || merge.head !== lane.work?.head) return undefined;
  const commands = (await verifyCommands(driver, lane)).map((command) => JSON.stringify(command));
  const red = redOf(merge.receipts);
  const stillCounts = red !== undefined && commands.includes(JSON.stringify(red.command));
  const { limits } = (await driver.orchard.config()).config;
  if (red?.timedOut === true && limits.verify > red.elapsedMs) return undefined; // it is given more time now
  return stillCounts && merge.resolve === undefined ? { kind: "rejected", reason: merge.reason } : undefined;
}

async function alreadyThere(driver: Driver, lane: Lane, landed: Oid): Promise<LandOutcome> {
  const verified = lane.work?.unverified === false;
  const head = lane.work?.head ?? landed;
  const without = await takenOutBy(driver.orchard, lane);
  const step = { type: "lane-landed", lane: lane.id, head, commit: landed, verified, ...without } as const;
  if (!(await stepped(driver, `lane ${lane.id} is contained in what has landed`, step))) return OVERTAKEN;
  driver.orchard.ports.report({ type: "lane-landed", lane: lane.id, commit: landed, verified });
  return { kind: "landed", commit: landed, verified };
}
