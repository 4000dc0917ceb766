import type { Lane, Progress } from "@orchard/tracker-core";
import { type Oid, parseOid } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { inStep } from "./in-step.ts";
import type { LandOutcome } from "./land-outcome.ts";
import { mergeForLanding } from "./merge-for-landing.ts";
import { ownTasks } from "./own-tasks.ts";
import { reportConflict } from "./report-conflict.ts";
import { startTakenOut } from "./taken-out.ts";
import { tickedTree } from "./tick.ts";

export interface Joined {
  readonly landed: Oid;
  readonly theirs: Oid;
  readonly progress: Progress;
  /** `theirs` is what a person made of the conflict, on top of what had landed: nothing is left to be compared. */
  readonly isResolved?: boolean;
}

export interface Candidate {
  readonly kind: "candidate";
  readonly commit: Oid;
  /** The history that it brings beside what has landed. */
  readonly theirs: Oid;
  /** Files that were made anew by their command. */
  readonly regenerated: readonly string[];
}

/** The commit that would land, its finished tasks ticked; `there`: what has landed holds all of it already. */
export async function landingCandidate(
  driver: Driver,
  lane: Lane,
  at: Joined,
): Promise<Candidate | { readonly kind: "there" } | LandOutcome> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const hub = await orchard.hub();
  const { landed, progress } = at;
  const theirs = await inStep(orchard, lane, at);
  const base = at.isResolved === true ? undefined : await startToMergeFrom(driver, lane, { ...at, theirs });
  const isContained = base === undefined && (await repository.isAncestor(theirs, landed));
  const request = { ours: landed, theirs, ...(base === undefined ? {} : { base }) };
  const merge = isContained ? ALREADY : await mergeForLanding(driver, lane.id, request, progress);
  if (merge.kind === "interrupted") return merge;
  if (merge.kind === "conflicted") return reportConflict(driver, lane, landed, merge);
  const before = await hub.treeOf(landed);
  const finished = ownTasks(progress, lane).filter(({ record }) => record.state === "completed");
  const tree = await tickedTree(hub, progress, merge.kind === "merged" ? merge.tree : before, finished);
  const isInHistory = isContained || (await repository.isAncestor(theirs, landed));
  if (isInHistory && tree === before) return { kind: "there" };
  const { config } = await orchard.config();
  const commit = await hub.commit({
    tree,
    parents: config.squash || isInHistory ? [landed] : [landed, theirs],
    message: landingMessage(lane),
    author: await repository.identity(),
  });
  const regenerated = merge.kind === "merged" ? merge.regenerated : [];
  return { kind: "candidate", commit, theirs, regenerated };
}

/** What the lane's work is compared with, where that is not the newest commit that both sides contain. */
export async function startToMergeFrom(driver: Driver, lane: Lane, at: Joined): Promise<Oid | undefined> {
  return (await startTakenOut(driver.orchard, lane, at)) ?? (await ownStart(driver, lane, at.landed));
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

/** What a landing of the lane says in the history. */
export function landingMessage({ id, definition }: Lane): string {
  const title = (definition.name ?? definition.tasks[0] ?? id).split("\n")[0] ?? id;
  const tasks = definition.tasks.map((task) => `- ${task.split("\n")[0]}`).join("\n");
  return `Land ${id}: ${title.slice(0, 120)}\n\n${tasks === "" ? "" : `${tasks}\n\n`}Orchard-Lane: ${id}\n`;
}
