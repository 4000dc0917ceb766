import { isOrchardError, type LaneId } from "@orchard/kernel";
import { mergeOrder } from "@orchard/scheduler";
import {
  abandonLanding,
  type Conflict,
  changePhase,
  isLanded,
  type Lane,
  landStep,
  lanesInOrder,
  requireHome,
  requireLane,
  type Tracker,
  waitsToLand,
} from "@orchard/tracker-core";
import { type Oid, parseOid, parseRef, type Repository } from "@orchard/worktree-git";
import { interrupted, nothingToResolve } from "../errors.ts";
import { laneGraph } from "../explain/lane-graph.ts";
import type { Driver } from "../orchard/driver.ts";
import { beginResolve, endResolve } from "./begin-resolve.ts";
import { bringBaseIn } from "./bring-base-in.ts";
import { type Followed, followBase } from "./follow-base.ts";
import { withRestackedHead } from "./follow-restack.ts";
import { landLane } from "./land-lane.ts";
import { type LayerLanding, landLayers } from "./land-layers.ts";
import { ANOTHER_FIRST, type LandOptions, type LandOutcome } from "./land-outcome.ts";
import { ensureLanded } from "./landed.ts";
import { noteLandedTasks } from "./note-landed-tasks.ts";
import { takenOutBy } from "./taken-out.ts";
import { tellLaterCommits } from "./tell-later-commits.ts";
import { whyNotDone } from "./why-not-done.ts";

/**
 * What became of the lanes that were to land, and of the base branch; a lane that was tried again meanwhile is in no
 * list.
 */
export interface Landing {
  readonly landed: readonly {
    readonly lane: LaneId;
    readonly commit: string;
    readonly verified: boolean;
    /** The base is red, and it adds no failure. */
    readonly onRedBase?: true;
  }[];
  readonly conflicted: readonly {
    readonly lane: LaneId;
    readonly conflict: Conflict;
    /** The worktree in which a person resolves it. */
    readonly resolveIn?: string;
    /** Why there is none though it was asked for, and what to do. */
    readonly notBegun?: string;
  }[];
  readonly rejected: readonly { readonly lane: LaneId; readonly reason: string }[];
  readonly waiting: readonly { readonly lane: LaneId; readonly reason: string; readonly isConflict: boolean }[];
  /** Layers of specs whose layers are hard. */
  readonly layers: readonly LayerLanding[];
  readonly base: Followed;
}

/**
 * Lands every completed lane, dependencies first, then by priority; a lane that conflicts or turns the combined
 * tree red is left as it was and the others go on. The base's own tree is verified first.
 */
export async function landLanes(
  driver: Driver,
  options: LandOptions & { readonly resolve?: "hand" | undefined; readonly only?: LaneId | undefined },
): Promise<Landing> {
  await settleIntendedLandings(driver);
  await endOldResolves(driver);
  await noteLandedTasks(driver.orchard);
  const candidates = await lanesToLand(driver, options.only);
  await driver.record("merge: phase 4", (tracker) => changePhase(tracker, { phase: 4, status: "running" }));
  const layers = options.only === undefined ? await landLayers(driver, options) : [];
  if (candidates.length > 0) await bringBaseIn(driver, options);
  const outcomes = new Map<LaneId, LandOutcome>();
  const notDone = options.only && (await whyNotDone(driver.orchard, options.only));
  if (options.only !== undefined && notDone !== undefined)
    outcomes.set(options.only, { kind: "waits", reason: notDone });
  for (let left = candidates; left.length > 0; left = stillWaiting(left, outcomes)) {
    for (const id of left) {
      if (driver.interrupted.aborted) break;
      outcomes.set(id, await landInTurn(driver, id, options));
      if (outcomes.get(id)?.kind !== "landed") continue;
      await followBase(driver);
      await noteLandedTasks(driver.orchard);
    }
  }
  for (const [lane, outcome] of outcomes) {
    if (outcome.kind === "waits") driver.orchard.ports.report({ type: "lane-waits", lane, reason: outcome.reason });
  }
  if (driver.interrupted.aborted) throw interrupted(0);
  const base = await followBase(driver);
  const landing = { ...(await summary(driver, outcomes, base, options.resolve)), layers };
  await driver.record("merge: ended", (tracker) => changePhase(tracker, { phase: 4, status: statusAfter(landing) }));
  return landing;
}

/** Those that waited and may not have to any more, because others of them have landed. */
function stillWaiting(tried: readonly LaneId[], outcomes: ReadonlyMap<LaneId, LandOutcome>): readonly LaneId[] {
  const hasLanded = tried.some((id) => outcomes.get(id)?.kind === "landed");
  return hasLanded ? tried.filter((id) => outcomes.get(id)?.kind === "waits") : [];
}

/** A landing that was announced by a driver that died: the landed ref itself says whether it was made. */
export async function settleIntendedLandings(driver: Driver): Promise<void> {
  const { orchard } = driver;
  const tracker = await orchard.tracker();
  for (const lane of lanesInOrder(tracker)) {
    if (lane.merge?.state !== "intended") continue;
    const repository = await orchard.repository();
    const landed = await ensureLanded(repository, parseRef(requireHome(tracker).base));
    const { head, candidate } = lane.merge;
    const isThere = await repository.isAncestor(parseOid(candidate), landed);
    const verified = isThere && (await wasVerified(repository, tracker, candidate));
    const without = await takenOutBy(orchard, lane);
    await driver.record(`lane ${lane.id}: ${isThere ? "had landed" : "had not landed"}`, (now) =>
      isThere
        ? landStep(now, { type: "lane-landed", lane: lane.id, head, commit: candidate, verified, ...without })
        : abandonLanding(now, { lane: lane.id, candidate, reason: "its driver ended before" }),
    );
  }
}

/** It, or what landed in one move with it: of a row of merges only the last is verified, with all of them in it. */
async function wasVerified(repository: Repository, { base }: Tracker, candidate: string): Promise<boolean> {
  const { checked } = base;
  if (checked === undefined || !checked.green || checked.receipts.length === 0) return false;
  return checked.commit === candidate || repository.isAncestor(parseOid(candidate), parseOid(checked.commit));
}

/** A conflict whose landing is on record, by a driver that died before it cleared up. */
async function endOldResolves(driver: Driver): Promise<void> {
  for (const lane of lanesInOrder(await driver.orchard.tracker())) if (isLanded(lane)) await endResolve(driver, lane);
}

/**
 * What a person asked for can be tried at all; asked before anything is recorded. Throws `UNKNOWN_LANE`, and
 * `NOTHING_TO_RESOLVE` when there is no lane that could conflict.
 */
export function requireLandable(
  tracker: Tracker,
  options: { readonly resolve?: "hand" | undefined; readonly only?: LaneId | undefined },
): void {
  const lanes = options.only === undefined ? lanesInOrder(tracker) : [requireLane(tracker, options.only)];
  const canConflict = lanes.some(waitsToLand);
  if (options.resolve !== undefined && !canConflict) throw nothingToResolve(options.only);
}

async function lanesToLand(driver: Driver, only: LaneId | undefined): Promise<readonly LaneId[]> {
  const tracker = await driver.orchard.tracker();
  const done = lanesInOrder(tracker).filter(waitsToLand);
  const wanted = done.filter((lane) => only === undefined || lane.id === only).map(({ id }) => id);
  return mergeOrder(laneGraph(tracker), wanted) as readonly LaneId[];
}

export async function landInTurn(driver: Driver, id: LaneId, options: LandOptions = {}): Promise<LandOutcome> {
  const repository = await driver.orchard.repository();
  for (let turn = 1; ; turn++) {
    const tracker = await driver.orchard.tracker();
    const lane = await withRestackedHead(driver, requireLane(tracker, id));
    const landed: Oid = await ensureLanded(repository, parseRef(requireHome(tracker).base));
    const outcome = await landLane(driver, lane, landed, options).catch(whyNotTried);
    if (outcome.kind === "landed") {
      await tellLaterCommits(driver, lane);
      await endResolve(driver, lane);
    }
    if (outcome.kind === "waits" && outcome.reason === ANOTHER_FIRST && turn < 5) continue;
    return outcome;
  }
}

/** What its own tree cannot be checked out for stops this lane alone; the others go on. */
function whyNotTried(error: unknown): LandOutcome {
  if (!isOrchardError(error, "SETTINGS_NOT_ACCEPTED") && !isOrchardError(error, "CHECKOUT_INCOMPLETE")) throw error;
  return { kind: "waits", reason: `${error.message} ${error.hint ?? ""}`.trim() };
}

async function summary(
  driver: Driver,
  outcomes: ReadonlyMap<LaneId, LandOutcome>,
  base: Followed,
  resolve: "hand" | undefined,
): Promise<Omit<Landing, "layers">> {
  const landed: Landing["landed"][number][] = [];
  const conflicted: Landing["conflicted"][number][] = [];
  const rejected: Landing["rejected"][number][] = [];
  const waiting: Landing["waiting"][number][] = [];
  for (const [lane, outcome] of outcomes) {
    if (outcome.kind === "landed") {
      const { kind: _, ...landing } = outcome;
      landed.push({ lane, ...landing });
    }
    if (outcome.kind === "rejected") rejected.push({ lane, reason: outcome.reason });
    if (outcome.kind === "waits")
      waiting.push({ lane, reason: outcome.reason, isConflict: outcome.isConflict === true });
    if (outcome.kind === "conflicted")
      conflicted.push({ lane, conflict: outcome.conflict, ...(await resolving(driver, lane, resolve)) });
  }
  return { landed, conflicted, rejected, waiting, base };
}

async function resolving(
  driver: Driver,
  id: LaneId,
  resolve: "hand" | undefined,
): Promise<{ resolveIn?: string; notBegun?: string }> {
  if (resolve !== "hand") return {};
  const lane: Lane = requireLane(await driver.orchard.tracker(), id);
  try {
    return { resolveIn: await beginResolve(driver, lane) };
  } catch (error) {
    // The others' conflicts are begun all the same.
    if (!isOrchardError(error) || error.kind !== "state") throw error;
    return { notBegun: `${error.message} ${error.hint ?? ""}`.trim() };
  }
}

function statusAfter({ conflicted, rejected, waiting, layers }: Landing) {
  const stays = conflicted.length + rejected.length + waiting.length + layers.filter(({ waits }) => waits).length;
  return stays > 0 ? "failed" : "completed";
}
