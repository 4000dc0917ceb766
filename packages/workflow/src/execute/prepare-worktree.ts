import { relative } from "node:path";
import type { LaneId } from "@orchard/kernel";
import {
  type BroughtIn,
  findLane,
  gatesOf,
  isLanded,
  type Lane,
  moveLane,
  requireHome,
  requireLane,
} from "@orchard/tracker-core";
import { addWorktree, type Oid, parseOid, parseRef } from "@orchard/worktree-git";
import { setAside } from "../clean/set-aside.ts";
import { ensureLanded } from "../land/landed.ts";
import { newestBase } from "../land/newest-base.ts";
import { startTakenOut } from "../land/taken-out.ts";
import type { Driver } from "../orchard/driver.ts";
import { branchOf, worktreePath } from "../orchard/place.ts";
import { failAttempt } from "./fail-attempt.ts";
import { takeTasksBack } from "./give-claims-back.ts";
import { laneFault } from "./lane-fault.ts";

/**
 * Makes the lane's worktree at the merge of the newest base and the heads of the lanes it depends on. The start
 * commit is recorded before the worktree is made, so a crash in between is taken up with the same one. A lane
 * that cannot start has failed afterwards and says why; one that was stopped meanwhile is left as it is.
 */
export async function prepareWorktree(driver: Driver, lane: Lane): Promise<void> {
  const { orchard } = driver;
  const path = worktreePath(orchard.place, lane.id);
  try {
    if (lane.state !== "preparing") {
      await setAside(driver.orchard, lane, "retry --fresh");
      await takeTasksBack(driver.orchard, lane);
    }
    const start = await plannedStart(driver, lane);
    if (start === undefined) return;
    orchard.ports.report({ type: "lane-preparing", lane: lane.id, path });
    const repository = await orchard.repository();
    const branch = parseRef(`refs/heads/${branchOf(lane.id)}`);
    const reason = `orchard lane ${lane.id}`;
    const sparse = sparseFor(lane, (await orchard.config()).config.sparse);
    const made = await addWorktree(repository, { path, branch, start, reason, pool: true, sparse });
    const ready = { type: "worktree-ready", lane: lane.id, head: made.head } as const;
    const outcome = await driver.record(`lane ${lane.id}: worktree ready`, (tracker) => moveLane(tracker, ready));
    if (outcome === "recorded") orchard.ports.report({ type: "worktree-ready", lane: lane.id });
  } catch (error) {
    const fault = laneFault(error, { folder: path, cause: "worktree-failed" });
    if (fault === undefined) throw error;
    await failAttempt(driver, lane, { ...fault, final: true });
  }
}

/** The folders that lanes hold by configuration, and those of the files that this one is about; none: all. */
function sparseFor({ definition }: Lane, folders: readonly string[] = []): readonly string[] {
  if (folders.length === 0) return [];
  const isPlain = (path: string) => path !== "" && !/[*?[\]\\!#\n\r]|^\/|^\s|\s$|(^|\/)\.{1,2}(\/|$)|\/\//.test(path);
  return [...folders, ...definition.files.map((file) => file.replace(/\/?[^/]*$/, "")).filter(isPlain)];
}

async function plannedStart(driver: Driver, lane: Lane): Promise<Oid | undefined> {
  if (lane.state === "preparing" && lane.worktree !== undefined) return parseOid(lane.worktree.start);
  const tracker = await driver.orchard.tracker();
  const contains = await neededWork(driver, lane);
  const start = await startCommit(driver, lane, contains);
  if (start === undefined) return undefined;
  const { worktreesDir, mainRepo } = requireHome(tracker);
  const step = {
    type: "lane-preparing",
    lane: lane.id,
    worktree: relative(mainRepo, `${worktreesDir}/agent-${lane.id}`),
    branch: branchOf(lane.id),
    start,
    contains,
  } as const;
  const outcome = await driver.record(`lane ${lane.id}: preparing its worktree`, (now) => moveLane(now, step));
  return outcome === "recorded" ? start : undefined;
}

/** Heads of the lanes it depends on, and what those contain in turn, as far as they have not landed. */
async function neededWork({ orchard }: Driver, lane: Lane): Promise<readonly BroughtIn[]> {
  const repository = await orchard.repository();
  const { tracker, progress } = (await orchard.folded()).state;
  const landed = await ensureLanded(repository, parseRef(requireHome(tracker).base));
  const heads = new Map<LaneId, string>();
  for (const id of gatesOf(tracker, lane)) {
    const dependency = findLane(tracker, id);
    if (dependency?.work === undefined || isLanded(dependency)) continue;
    const theirs = parseOid(dependency.work.head);
    const isOut = (await startTakenOut(orchard, dependency, { landed, theirs, progress })) !== undefined;
    if (!isOut && (await repository.isAncestor(theirs, landed))) continue;
    heads.set(id, dependency.work.head);
    for (const part of dependency.contains) {
      const other = findLane(tracker, part.lane);
      if (other !== undefined && !isLanded(other) && !heads.has(part.lane)) heads.set(part.lane, part.head);
    }
  }
  return [...heads].map(([id, head]) => ({ lane: id, head }));
}

async function startCommit(driver: Driver, lane: Lane, contains: readonly BroughtIn[]): Promise<Oid | undefined> {
  const repository = await driver.orchard.repository();
  const hub = await driver.orchard.hub();
  const { tracker, progress } = (await driver.orchard.folded()).state;
  const landed = await ensureLanded(repository, parseRef(requireHome(tracker).base));
  let start = await newestBase(driver.orchard);
  for (const part of contains) {
    const theirs = parseOid(part.head);
    const base = await startTakenOut(driver.orchard, requireLane(tracker, part.lane), {
      landed: start,
      theirs,
      progress,
    });
    const outcome = await hub.merge({ ours: start, theirs, ...(base === undefined ? {} : { base }) });
    if (outcome.kind === "alreadyMerged") continue;
    if (await repository.isAncestor(start, theirs)) {
      start = theirs;
      continue;
    }
    if (outcome.kind === "conflicted") {
      const files = outcome.files.map((file) => file.path).join(", ");
      const reason = `the work of "${part.lane}" conflicts with what this lane starts from, in ${files}`;
      await failAttempt(driver, lane, { cause: "dependency-conflict", reason, final: true });
      return undefined;
    }
    start = await hub.commit({
      tree: outcome.tree,
      parents: [start, theirs],
      message: `Start of ${lane.id}: with ${part.lane}\n`,
      author: await repository.identity(),
    });
  }
  if (start !== landed) await repository.makeDurable(start, landed);
  return start;
}
