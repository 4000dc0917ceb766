import {
  type Lane,
  lanesInOrder,
  type Receipt,
  redOf,
  requireHome,
  shownCommand,
  type Tracker,
  type UndoLanding,
} from "@orchard/tracker-core";
import { followersOf, landedRef, type Oid, parseOid, parseRef, shortName } from "@orchard/worktree-git";
import { interrupted } from "../errors.ts";
import { ensureLanded } from "../land/landed.ts";
import type { Worker } from "../orchard/worker.ts";
import { addedFailures } from "../verify/added-failures.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import { undoConflict, undoOnRed, undoRed, undoRefused } from "./errors.ts";
import type { LandedLane, Operation } from "./operation.ts";

/** How what has landed will move, and every lane that does not count as landed afterwards. */
export interface PlannedLanding {
  readonly landing: UndoLanding;
  readonly lanes: readonly LandedLane[];
  /** Why it is not simply moved back. */
  readonly why?: string;
  /** No verify command has looked at what will land. */
  readonly isUnverified?: boolean;
}

/** What a person wants, or allows, of how landings are taken back. */
export interface LandingOptions {
  readonly revert: boolean;
  /** On a base that is red already the commit that takes them back lands when it adds no failure. */
  readonly allowRedBase?: boolean | undefined;
  /** The command that asks for just this, for hints. */
  readonly asked: string;
}

/**
 * Taking landings back, newest first: what has landed and the base branch move back when nobody has seen them (no
 * remote-tracking branch) and nothing came on top; else a commit that takes them back lands, verified like any other.
 * Nothing is moved here. Throws `UNDO_CONFLICT`, `UNDO_RED`.
 */
export async function planUnlanding(
  worker: Worker,
  landings: readonly LandedLane[],
  options: LandingOptions,
): Promise<PlannedLanding> {
  const { orchard } = worker;
  const tracker = await orchard.tracker();
  const repository = await orchard.repository();
  const base = parseRef(requireHome(tracker).base);
  const landed = await ensureLanded(repository, base);
  const commits = distinct(landings.map(({ commit }) => parseOid(commit)));
  const start = await beginningOf(worker, landed, commits);
  const tip = await repository.resolve(base);
  const why = options.revert
    ? "asked for"
    : start === undefined
      ? "other work has landed since"
      : await whyNotRewound(worker, { start, landed, tip, commits });
  if (start === undefined || why !== undefined) {
    const lanes = lanesInOrder(tracker).flatMap((lane) => landedAt(lane, (commit) => commits.includes(commit)));
    const { to, isUnverified } = await candidateWithout(worker, landed, commits, options);
    const landing = { how: "revert", from: landed, to } as const;
    return { landing, lanes, isUnverified, ...(why === undefined ? {} : { why }) };
  }
  const isGone = async (commit: Oid) => !(await repository.isAncestor(commit, start));
  const lanes: LandedLane[] = [];
  for (const lane of lanesInOrder(tracker)) {
    for (const one of landedAt(lane, () => true)) if (await isGone(parseOid(one.commit))) lanes.push(one);
  }
  const follows = tip !== undefined && tip !== start && !(await repository.isAncestor(tip, start));
  return { landing: { how: "rewind", from: landed, to: start, ...(follows ? { base: tip } : {}) }, lanes };
}

function landedAt({ id, merge }: Lane, wanted: (commit: Oid) => boolean): readonly LandedLane[] {
  if (merge?.state !== "landed" || !wanted(parseOid(merge.commit))) return [];
  return [{ lane: id, head: merge.head, commit: merge.commit, verified: merge.verified }];
}

/** What had landed before all of `commits`, when they are the newest that landed, one on the other. */
async function beginningOf(worker: Worker, landed: Oid, commits: readonly Oid[]): Promise<Oid | undefined> {
  const repository = await worker.orchard.repository();
  let at = landed;
  for (const left = new Set(commits); left.size > 0; ) {
    if (!left.delete(at)) return undefined;
    const before = (await repository.commitInfo(at)).parents[0];
    if (before === undefined) return undefined;
    at = before;
  }
  return at;
}

async function whyNotRewound(
  { orchard }: Worker,
  at: { readonly start: Oid; readonly landed: Oid; readonly tip: Oid | undefined; readonly commits: readonly Oid[] },
): Promise<string | undefined> {
  const repository = await orchard.repository();
  const { start, landed, tip } = at;
  const oldest = at.commits.at(-1) ?? landed;
  const [follower] = await followersOf(repository, oldest);
  if (follower !== undefined) return `${follower.replace(/^refs\/remotes\//, "")} has it already`;
  if (tip === undefined || tip === landed || (await repository.isAncestor(tip, start))) {
    return (await foldersInTheWay(repository, landed, start)) ? "a folder stands where a file comes back" : undefined;
  }
  return (await repository.isAncestor(tip, landed)) ? undefined : "the base branch has later commits";
}

async function foldersInTheWay(
  repository: {
    changedPaths(from: Oid, to: Oid): Promise<readonly { readonly path: string; readonly status: string }[]>;
  },
  from: Oid,
  to: Oid,
): Promise<boolean> {
  const changed = await repository.changedPaths(from, to);
  const gone = changed.filter(({ status }) => status === "deleted").map(({ path }) => path);
  return changed.some(({ path, status }) => status === "added" && gone.some((one) => one.startsWith(`${path}/`)));
}

/**
 * A commit without what these brought, newest first, on what has landed and the base branch's own commits; it passes the
 * verify commands, or, where a red base is allowed, fails in no way that the tree before it does not.
 */
async function candidateWithout(
  worker: Worker,
  landed: Oid,
  commits: readonly Oid[],
  options: LandingOptions,
): Promise<{ readonly to: Oid; readonly isUnverified: boolean }> {
  const { orchard } = worker;
  const repository = await orchard.repository();
  const hub = await orchard.hub();
  const joined = await withBase(worker, landed);
  let tree = await hub.treeOf(joined);
  for (const commit of commits) {
    const before = (await repository.commitInfo(commit)).parents[0];
    if (before === undefined) throw undoRefused([`${commit.slice(0, 10)} has nothing before it`]);
    const ours = await hub.commit({ tree, parents: [joined], message: "On the way back\n" });
    const merge = await hub.merge({ ours, theirs: before, base: commit });
    if (merge.kind === "conflicted") throw undoConflict(merge.files.map(({ path }) => path));
    if (merge.kind === "merged") tree = merge.tree;
  }
  const names = commits.map((commit) => commit.slice(0, 10)).join(", ");
  const candidate = await hub.commit({
    tree,
    parents: [joined],
    message: `Take back ${names}\n\n${commits.map((commit) => `Orchard-Undoes: ${commit}\n`).join("")}`,
    author: await repository.identity(),
  });
  const receipts = await requireNoWorse(worker, candidate, { ...options, before: joined });
  await repository.makeDurable(candidate, landed);
  return { to: candidate, isUnverified: receipts.length === 0 };
}

async function withBase({ orchard }: Worker, landed: Oid): Promise<Oid> {
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  const tip = await repository.resolve(base);
  if (tip === undefined || (await repository.isAncestor(tip, landed))) return landed;
  if (await repository.isAncestor(landed, tip)) return tip;
  const hub = await orchard.hub();
  const merge = await hub.merge({ ours: landed, theirs: tip });
  if (merge.kind === "conflicted") {
    const files = merge.files.map(({ path }) => path).join(", ");
    throw undoRefused([`the base branch conflicts with what has landed in ${files}`], "First: orch sync");
  }
  const tree = merge.kind === "merged" ? merge.tree : await hub.treeOf(landed);
  const message = `Merge ${shortName(base)} into what has landed\n`;
  return hub.commit({ tree, parents: [landed, tip], message, author: await repository.identity() });
}

async function requireNoWorse(
  worker: Worker,
  candidate: Oid,
  { before, allowRedBase, asked }: LandingOptions & { readonly before: Oid },
): Promise<readonly Receipt[]> {
  const receipts = await receiptsOf(worker, candidate);
  const red = redOf(receipts);
  if (red === undefined) return receipts;
  const base = await receiptsOf(worker, before, (all) => redOf(all) === undefined);
  if (redOf(base) === undefined) throw undoRed(shownCommand(red), red.tail);
  const addsNothing = (all: readonly Receipt[]) => addedFailures(base, all).every(({ added }) => !added);
  // The first look ended at the first red command; to compare, all are run.
  const whole = await receiptsOf(worker, candidate, addsNothing);
  const added = addedFailures(base, whole).filter((one) => one.added);
  if (added.length > 0) throw undoRed(added.map(({ how }) => how).join("; "), red.tail);
  if (allowRedBase !== true) throw undoOnRed(shownCommand(red), asked);
  return whole;
}

async function receiptsOf(
  worker: Worker,
  commit: Oid,
  isGood?: (receipts: readonly Receipt[]) => boolean,
): Promise<readonly Receipt[]> {
  const { config } = await worker.orchard.config();
  const receipts = await verifyMerged(worker, "undo", commit, config.verify, isGood === undefined ? {} : { isGood });
  if (receipts === "interrupted") throw interrupted(0);
  return receipts;
}

/**
 * Landings that an undo took back come again: what was rewound moves forward again while nothing else has landed; what
 * was reverted is reverted once more. Throws `UNDO_REFUSED`, `UNDO_CONFLICT`, `UNDO_RED`.
 */
export async function planRelanding(
  worker: Worker,
  { undoes }: Operation,
  options: LandingOptions,
): Promise<PlannedLanding | undefined> {
  const before = undoes?.landing;
  if (before === undefined) return undefined;
  const { orchard } = worker;
  const repository = await orchard.repository();
  const tracker: Tracker = await orchard.tracker();
  const landed = await repository.resolve(landedRef(parseRef(requireHome(tracker).base)));
  if (landed === undefined) throw undoRefused(["nothing has landed yet"]);
  if (before.how === "rewind") {
    if (landed !== before.to) throw undoRefused(["other work has landed since"], "The lane lands again by: orch merge");
    return { landing: { how: "forward", from: landed, to: before.from }, lanes: [] };
  }
  if (before.how !== "revert") return undefined;
  const { to, isUnverified } = await candidateWithout(worker, landed, [parseOid(before.to)], options);
  return { landing: { how: "revert", from: landed, to }, lanes: [], isUnverified };
}

function distinct(commits: readonly Oid[]): readonly Oid[] {
  return [...new Set(commits)];
}
