import type { LaneId } from "@orchard/kernel";
import {
  abandonLanding,
  type Command,
  type Conflict,
  findLane,
  gatesOf,
  isLanded,
  type LandingStep,
  type Lane,
  landStep,
  lanesInOrder,
  type Progress,
  type Receipt,
  redOf,
  requireHome,
  type Tracker,
} from "@orchard/tracker-core";
import { landedRef, type Oid, parseOid, parseRef, type RefName } from "@orchard/worktree-git";
import { readProgress } from "../execute/judge-tasks.ts";
import { describeCommand } from "../execute/settle-attempt.ts";
import type { Driver } from "../orchard/driver.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import { inStep } from "./in-step.ts";
import { mergeTicked } from "./merge-ticked.ts";
import { pathInOwnFolders } from "./own-folders.ts";
import { ownTasks } from "./own-tasks.ts";
import { readResolution } from "./resolution.ts";
import { startTakenOut, takenOutBy } from "./taken-out.ts";
import { taskFilesOf, tickedTree } from "./tick.ts";
import { whyTasksWait } from "./why-tasks-wait.ts";

export type LandOutcome =
  | { readonly kind: "landed"; readonly commit: string; readonly verified: boolean }
  | { readonly kind: "conflicted"; readonly conflict: Conflict }
  | { readonly kind: "rejected"; readonly reason: string }
  /** `isConflict`: for a person who resolves it. */
  | { readonly kind: "waits"; readonly reason: string; readonly isConflict?: true }
  /** It was tried again or landed meanwhile; nothing was moved. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "interrupted" };

/**
 * Lands one lane on `landed`: merge computed in the hub, the combined tree verified, then the landed ref moved by
 * compare-and-swap between two facts. Base and lane stay as they were unless it lands.
 */
export async function landLane(driver: Driver, lane: Lane, landed: Oid): Promise<LandOutcome> {
  const work = lane.work;
  if (work === undefined) return { kind: "waits", reason: "its work is not done" };
  const progress = await readProgress(driver.orchard);
  const waits = (await whyItWaits(driver, lane, landed)) ?? (await whyTasksWait(driver.orchard, progress, lane));
  if (waits !== undefined) return { kind: "waits", reason: waits };
  const known = await sameVerdict(driver, lane, landed);
  if (known !== undefined) return known;
  const head = parseOid(work.head);
  const isIn = await (await driver.orchard.repository()).isAncestor(head, landed);
  const resolution = isIn ? NOBODY_BEGAN : await readResolution(driver, lane);
  if (resolution.kind === "unfinished") return { kind: "waits", reason: resolution.reason, isConflict: true };
  const theirs = resolution.kind === "finished" ? resolution.head : head;
  const found = await candidateOf(driver, lane, { landed, theirs, progress });
  if (found === "there") return alreadyThere(driver, lane, landed);
  if (typeof found !== "string") return found;
  return verifyAndLand(driver, lane, { head: work.head, landed, candidate: found });
}

const NOBODY_BEGAN = { kind: "none" } as const;

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
  return undefined;
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
  return stillCounts && merge.resolve === undefined ? { kind: "rejected", reason: merge.reason } : undefined;
}

async function verifyCommands(driver: Driver, lane: Lane): Promise<readonly Command[]> {
  const { config } = await driver.orchard.config();
  return distinct([...config.verify, ...(lane.definition.verify ?? [])]);
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

interface Joined {
  readonly landed: Oid;
  readonly theirs: Oid;
  readonly progress: Progress;
}

/** The commit that would land, its finished tasks ticked; `there`: what has landed holds all of it already. */
async function candidateOf(driver: Driver, lane: Lane, at: Joined): Promise<Oid | "there" | LandOutcome> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const hub = await orchard.hub();
  const { landed, progress } = at;
  const theirs = await inStep(orchard, lane, at);
  const base = (await startTakenOut(orchard, lane, { ...at, theirs })) ?? (await ownStart(driver, lane, landed));
  const isContained = base === undefined && (await repository.isAncestor(theirs, landed));
  const request = { ours: landed, theirs, ...(base === undefined ? {} : { base }) };
  const merge = isContained ? ALREADY : await mergeTicked(hub, request, taskFilesOf(progress));
  if (merge.kind === "conflicted") {
    const files = merge.files.map(({ path }) => path);
    return conflicted(driver, lane, landed, files);
  }
  const before = await hub.treeOf(landed);
  const finished = ownTasks(progress, lane).filter(({ record }) => record.state === "completed");
  const tree = await tickedTree(hub, progress, merge.kind === "merged" ? merge.tree : before, finished);
  const isInHistory = isContained || (await repository.isAncestor(theirs, landed));
  if (isInHistory && tree === before) return "there";
  const { config } = await orchard.config();
  return hub.commit({
    tree,
    parents: config.squash || isInHistory ? [landed] : [landed, theirs],
    message: landingMessage(lane),
    author: await repository.identity(),
  });
}

const ALREADY = { kind: "alreadyMerged" } as const;

/**
 * The commit after which the lane's own work begins, when work that it was built on landed squashed: git finds no
 * common commit for that work and would see it twice.
 */
async function ownStart(driver: Driver, lane: Lane, landed: Oid): Promise<Oid | undefined> {
  const repository = await driver.orchard.repository();
  for (const { head } of lane.contains) {
    const isSquashed = !(await repository.isAncestor(parseOid(head), landed));
    if (isSquashed && lane.worktree !== undefined) return parseOid(lane.worktree.start);
  }
  return undefined;
}

export function landingMessage({ id, definition }: Lane): string {
  const title = (definition.name ?? definition.tasks[0] ?? id).split("\n")[0] ?? id;
  const tasks = definition.tasks.map((task) => `- ${task.split("\n")[0]}`).join("\n");
  return `Land ${id}: ${title.slice(0, 120)}\n\n${tasks === "" ? "" : `${tasks}\n\n`}Orchard-Lane: ${id}\n`;
}

async function conflicted(driver: Driver, lane: Lane, onto: Oid, files: readonly string[]): Promise<LandOutcome> {
  const tracker = await driver.orchard.tracker();
  const conflict: Conflict = {
    files,
    with: await counterparts(driver, tracker, lane, files),
    onto,
    head: lane.work?.head ?? "",
  };
  const before = lane.merge?.state === "conflicted" ? lane.merge.conflict : undefined;
  if (before?.onto !== onto || before.head !== conflict.head) {
    const step = { type: "lane-conflicted", lane: lane.id, conflict } as const;
    if (!(await stepped(driver, `lane ${lane.id} conflicts in ${files.join(", ")}`, step))) return OVERTAKEN;
  }
  driver.orchard.ports.report({ type: "lane-conflicted", lane: lane.id, files, with: conflict.with });
  return { kind: "conflicted", conflict };
}

/** The landed lanes that changed one of these files and that this lane does not contain. */
async function counterparts(
  driver: Driver,
  tracker: Tracker,
  lane: Lane,
  files: readonly string[],
): Promise<readonly LaneId[]> {
  const repository = await driver.orchard.repository();
  const found: LaneId[] = [];
  for (const other of lanesInOrder(tracker)) {
    if (other.id === lane.id || other.merge?.state !== "landed" || other.work === undefined) continue;
    const touched = [...other.work.changedFiles, ...other.work.results.map((file) => `docs/_generated/${file}`)];
    if (!touched.some((path) => files.includes(path))) continue;
    const contained = await repository.isAncestor(
      parseOid(other.work.head),
      parseOid(lane.work?.head ?? other.work.head),
    );
    if (!contained) found.push(other.id);
  }
  return found;
}

async function verifyAndLand(
  driver: Driver,
  lane: Lane,
  at: { readonly head: string; readonly landed: Oid; readonly candidate: Oid },
): Promise<LandOutcome> {
  const own = await pathInOwnFolders(await driver.orchard.repository(), at.landed, at.candidate);
  if (own !== undefined) {
    const reason = `it would land ${own}, where only Orchard writes`;
    return refused(driver, lane, at, { reason, receipts: [], output: "" });
  }
  const commands = await verifyCommands(driver, lane);
  const receipts = await verifyMerged(driver, lane.id, at.candidate, commands);
  if (receipts === "interrupted") return { kind: "interrupted" };
  const red = redOf(receipts);
  if (red !== undefined) return rejected(driver, lane, at, receipts, red);
  const repository = await driver.orchard.repository();
  const base: RefName = parseRef(requireHome(await driver.orchard.tracker()).base);
  await repository.makeDurable(at.candidate, at.landed);
  const { head, landed: from, candidate } = at;
  const step = { type: "landing-intended", lane: lane.id, head, from, candidate } as const;
  // What was verified is on record before the ref moves: whoever finds it moved need not verify it again.
  const checked = { type: "base-checked", commit: candidate, green: true, receipts } as const;
  const announced = await driver.record(`lane ${lane.id}: landing ${candidate.slice(0, 10)}`, (tracker) => {
    const { facts, outcome } = landStep(tracker, step);
    return { facts: outcome === "recorded" ? [...facts, checked] : facts, outcome };
  });
  if (announced === "overtaken") return OVERTAKEN;
  if ((await repository.moveRef(landedRef(base), candidate, from, `orch: land ${lane.id}`)) === "stale") {
    const reason = "another landing came first";
    await driver.record(`lane ${lane.id}: ${reason}`, (tracker) =>
      abandonLanding(tracker, { lane: lane.id, candidate, reason }),
    );
    return { kind: "waits", reason };
  }
  return landed(driver, lane, { head, commit: candidate, receipts });
}

async function rejected(
  driver: Driver,
  lane: Lane,
  at: { readonly head: string; readonly landed: Oid },
  receipts: readonly Receipt[],
  red: Receipt,
): Promise<LandOutcome> {
  const reason = `${describeCommand(red)} is red on the combined tree (${red.timedOut ? "out of time" : `exit code ${red.code}`})`;
  return refused(driver, lane, at, { reason, receipts, output: red.tail });
}

async function refused(
  driver: Driver,
  lane: Lane,
  at: { readonly head: string; readonly landed: Oid },
  {
    reason,
    receipts,
    output,
  }: { readonly reason: string; readonly receipts: readonly Receipt[]; readonly output: string },
): Promise<LandOutcome> {
  const step = { type: "lane-rejected", lane: lane.id, head: at.head, onto: at.landed, reason, receipts } as const;
  if (!(await stepped(driver, `lane ${lane.id} is not landed: ${reason}`, step))) return OVERTAKEN;
  driver.orchard.ports.report({ type: "lane-rejected", lane: lane.id, reason: `${reason}\n${output}`.trimEnd() });
  return { kind: "rejected", reason };
}

async function landed(
  driver: Driver,
  lane: Lane,
  at: { readonly head: string; readonly commit: Oid; readonly receipts: readonly Receipt[] },
): Promise<LandOutcome> {
  const verified = at.receipts.length > 0;
  const { head, commit } = at;
  const without = await takenOutBy(driver.orchard, lane);
  await driver.record(`lane ${lane.id} landed as ${commit.slice(0, 10)}`, (tracker) =>
    landStep(tracker, { type: "lane-landed", lane: lane.id, head, commit, verified, ...without }),
  );
  driver.orchard.ports.report({ type: "lane-landed", lane: lane.id, commit, verified });
  return { kind: "landed", commit, verified };
}

const OVERTAKEN = { kind: "overtaken" } as const;

async function stepped(driver: Driver, describe: string, step: LandingStep): Promise<boolean> {
  return (await driver.record(describe, (tracker) => landStep(tracker, step))) === "recorded";
}

function distinct(commands: readonly Command[]): readonly Command[] {
  return [...new Map(commands.map((command) => [JSON.stringify(command), command])).values()];
}
