import type { LaneId } from "@orchard/kernel";
import {
  abandonLanding,
  isLanded,
  type Lane,
  landStep,
  type Receipt,
  redOf,
  requireHome,
  requireLane,
  type TrackerFact,
} from "@orchard/tracker-core";
import { landedRef, type Oid, parseOid, parseRef } from "@orchard/worktree-git";
import { interrupted } from "../errors.ts";
import type { Driver } from "../orchard/driver.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import { ensureLanded } from "./landed.ts";
import { landingMessage } from "./landing-candidate.ts";
import { startTakenOut } from "./taken-out.ts";
import { undoneInTheWay } from "./undone-in-the-way.ts";

/** A lane's place in the row of merges that lands as one. */
interface Link {
  readonly lane: LaneId;
  readonly head: string;
  readonly commit: Oid;
}

/**
 * Lands finished lanes that have nothing to do with each other in one move: a merge for each, the whole verified once. What
 * could not land that way (a conflict, a red tree, another landing in between, a landing that was taken back) stays as it
 * was, to be landed one by one. Never for lanes of spec tasks, nor for lanes that contain each other's work.
 */
export async function landTogether(driver: Driver, ids: readonly LaneId[]): Promise<readonly LaneId[]> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const tracker = await orchard.tracker();
  const base = parseRef(requireHome(tracker).base);
  const landed = await ensureLanded(repository, base);
  const lanes = ids.map((id) => requireLane(tracker, id)).filter((lane) => lane.work !== undefined && !isLanded(lane));
  const links = await rowOfMerges(driver, landed, lanes);
  const tip = links.at(-1)?.commit ?? landed;
  if (links.length === 0) return [];
  const receipts = await receiptsOf(driver, landed, tip);
  if (receipts === "interrupted") throw interrupted(0);
  if (redOf(receipts) !== undefined) return [];
  if (tip === landed) return confirm(driver, links, receipts.length > 0);
  await repository.makeDurable(tip, landed);
  if (!(await announce(driver, { links, from: landed, tip, receipts }))) return [];
  if ((await repository.moveRef(landedRef(base), tip, landed, `orch: land ${links.length} lanes`)) === "stale") {
    await takeBack(driver, links, "another landing came first");
    return [];
  }
  return confirm(driver, links, receipts.length > 0);
}

async function rowOfMerges(driver: Driver, landed: Oid, lanes: readonly Lane[]): Promise<readonly Link[]> {
  const { orchard } = driver;
  const hub = await orchard.hub();
  const { config } = await orchard.config();
  const author = await (await orchard.repository()).identity();
  const { progress } = (await orchard.folded()).state;
  const links: Link[] = [];
  let at = landed;
  for (const lane of lanes) {
    const head = lane.work?.head ?? "";
    const theirs = parseOid(head);
    if ((await undoneInTheWay(orchard, { lane: lane.id, head, landed: at })) !== undefined) continue;
    if ((await startTakenOut(orchard, lane, { landed: at, theirs, progress })) !== undefined) continue;
    const merge = await hub.merge({ ours: at, theirs });
    if (merge.kind === "conflicted") continue;
    if (merge.kind === "merged") {
      const parents = config.squash ? [at] : [at, theirs];
      at = await hub.commit({ tree: merge.tree, parents, message: landingMessage(lane), author });
    }
    links.push({ lane: lane.id, head, commit: at });
  }
  return links;
}

/** What is there already was verified when it came. */
async function receiptsOf(driver: Driver, landed: Oid, tip: Oid): Promise<readonly Receipt[] | "interrupted"> {
  const { checked } = (await driver.orchard.tracker()).base;
  if (tip === landed) return checked?.commit === landed && checked.green ? checked.receipts : [];
  const { config } = await driver.orchard.config();
  return verifyMerged(driver, "together", tip, config.verify);
}

/** Every landing is on record before the ref moves, or none is. What was verified is recorded with them. */
async function announce(
  driver: Driver,
  at: { readonly links: readonly Link[]; readonly from: Oid; readonly tip: Oid; readonly receipts: readonly Receipt[] },
): Promise<boolean> {
  const { links, from, tip, receipts } = at;
  const checked = { type: "base-checked", commit: tip, green: true, receipts } as const;
  return driver.record(`landing ${links.length} lanes as ${tip.slice(0, 10)}`, (tracker) => {
    const steps = links.map(({ lane, head, commit }) =>
      landStep(tracker, { type: "landing-intended", lane, head, from, candidate: commit }),
    );
    const isCurrent = steps.every(({ outcome }) => outcome === "recorded");
    const facts: readonly TrackerFact[] = isCurrent ? [...steps.flatMap((step) => step.facts), checked] : [];
    return { facts, outcome: isCurrent };
  });
}

async function takeBack(driver: Driver, links: readonly Link[], reason: string): Promise<void> {
  await driver.record(`landing taken back: ${reason}`, (tracker) => ({
    facts: links.flatMap(({ lane, commit }) => abandonLanding(tracker, { lane, candidate: commit, reason }).facts),
    outcome: null,
  }));
}

async function confirm(driver: Driver, links: readonly Link[], verified: boolean): Promise<readonly LaneId[]> {
  await driver.record(`${links.length} lanes landed`, (tracker) => ({
    facts: links.flatMap(
      ({ lane, head, commit }) => landStep(tracker, { type: "lane-landed", lane, head, commit, verified }).facts,
    ),
    outcome: null,
  }));
  const { report } = driver.orchard.ports;
  for (const { lane, commit } of links) report({ type: "lane-landed", lane, commit, verified });
  return links.map(({ lane }) => lane);
}
