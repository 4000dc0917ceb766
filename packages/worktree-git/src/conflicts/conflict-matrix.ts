import { isOrchardError } from "@orchard/kernel";
import type { ConflictedFile } from "../hub/parse-merge-tree.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";
import { type KnownAnswers, keepAnswers, readKnownAnswers } from "./known-answers.ts";
import { mergePairs, type OpenPair, type Pair } from "./merge-pairs.ts";
import { type BaseOf, pairBases } from "./pair-bases.ts";
import { type ScratchObjects, scratchObjects } from "./scratch-objects.ts";
import { mayConflict, type Touched, touchedBetween } from "./touched.ts";
import { type Work, writeWork } from "./write-work.ts";

/**
 * One of those that are compared: a commit, or a work tree with what is not committed in it. `branch`: what stands for a
 * work tree that is gone, or no longer linked as git recorded it.
 */
export type SideRequest = { readonly name: string } & (
  | { readonly commit: Oid; readonly worktree?: undefined }
  | { readonly worktree: string; readonly branch?: RefName; readonly commit?: undefined }
);

/** One of those that were compared, as the commit that was merged for it. */
export interface Side extends Work {
  readonly name: string;
}

/** Two sides that do not merge; `files` is empty when they have no commit in common. */
export interface SideConflict {
  readonly a: string;
  readonly b: string;
  readonly files: readonly ConflictedFile[];
}

/** Which of the sides would conflict with which. */
export interface ConflictMatrix {
  /** In the order asked; one in which nothing was ever committed is left out. */
  readonly sides: readonly Side[];
  readonly conflicts: readonly SideConflict[];
  /** Of all pairs, how many were looked at anew, and how many of those had to be merged. */
  readonly pairs: { readonly all: number; readonly looked: number; readonly merged: number };
}

/**
 * Who would conflict with whom, if each pair were merged as the hub merges, the first of the two as `ours`. Pairs that
 * touch nothing in common are not merged, and pairs that were compared before, at just these contents, are not looked at
 * again. Nothing is left in the repository's objects, refs and work trees. Throws `NOT_A_WORKTREE`, `WORKTREE_TAMPERED`
 * where no branch stands for a work tree.
 */
export async function conflictMatrix(repo: Repository, requests: readonly SideRequest[]): Promise<ConflictMatrix> {
  await using objects = await scratchObjects(repo);
  const sides = await readSides(repo, objects, requests);
  const pairs = allPairs(sides);
  const known = await readKnownAnswers(repo);
  const open = pairs.filter((pair) => !known.has(keyOf(pair)) && pair.ours !== pair.theirs);
  const { answers, merged } = await compare(repo, objects, open);
  const now: KnownAnswers = new Map(
    pairs.flatMap((pair) => {
      const answer = known.get(keyOf(pair)) ?? answers.get(keyOf(pair));
      return answer === undefined ? [] : [[keyOf(pair), answer] as const];
    }),
  );
  if (open.length > 0 || known.size !== now.size) await keepAnswers(repo, now);
  const conflicts = pairs.flatMap((pair): readonly SideConflict[] => {
    const { a, b } = pair;
    const files = now.get(keyOf(pair));
    if (pair.ours === pair.theirs) return [];
    return files === undefined ? [{ a, b, files: [] }] : files.length > 0 ? [{ a, b, files }] : [];
  });
  return { sides, conflicts, pairs: { all: pairs.length, looked: open.length, merged } };
}

interface NamedPair extends Pair {
  readonly a: string;
  readonly b: string;
}

/** Work trees that are read at the same time. */
const AT_ONCE = 4;

async function readSides(
  repo: Repository,
  objects: ScratchObjects,
  requests: readonly SideRequest[],
): Promise<readonly Side[]> {
  const sides: (Side | undefined)[] = [];
  let next = 0;
  const read = async (): Promise<void> => {
    for (let at = next++; at < requests.length; at = next++) {
      const request = requests[at]!;
      const work = await workOf(repo, objects, request);
      sides[at] = work && { name: request.name, ...work };
    }
  };
  // All of them have ended before the caller lets go of the folder that they write to.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, read));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return sides.filter((side) => side !== undefined);
}

async function workOf(repo: Repository, objects: ScratchObjects, request: SideRequest): Promise<Work | undefined> {
  const { commit, worktree } = request;
  if (worktree === undefined) return { head: commit, commit, uncommitted: 0 };
  try {
    return await writeWork(repo, objects, worktree);
  } catch (error) {
    const isBroken = isOrchardError(error, "WORKTREE_TAMPERED") || isOrchardError(error, "NOT_A_WORKTREE");
    const head = isBroken && request.branch !== undefined ? await repo.resolve(request.branch) : undefined;
    if (head === undefined) throw error;
    return { head, commit: head, uncommitted: 0, unread: true };
  }
}

function allPairs(sides: readonly Side[]): readonly NamedPair[] {
  return sides.flatMap((one, index) =>
    sides.slice(index + 1).map((other) => ({ a: one.name, b: other.name, ours: one.commit, theirs: other.commit })),
  );
}

function keyOf({ ours, theirs }: Pair): string {
  return `${ours} ${theirs}`;
}

interface Compared {
  /** Pairs without a common ancestor have none. */
  readonly answers: KnownAnswers;
  readonly merged: number;
}

async function compare(repo: Repository, objects: ScratchObjects, pairs: readonly Pair[]): Promise<Compared> {
  if (pairs.length === 0) return { answers: new Map(), merged: 0 };
  const baseOf = await pairBases(
    repo,
    objects,
    pairs.flatMap(({ ours, theirs }) => [ours, theirs]),
  );
  const trees = await treesOf(objects, pairs, baseOf);
  const touched = await touchedSince(repo, objects, pairs, { baseOf, trees });
  const mayBe = pairs.filter(({ ours, theirs }) => {
    const base = baseOf(ours, theirs);
    const [one, other] = [touched.get(`${base} ${ours}`), touched.get(`${base} ${theirs}`)];
    return base === undefined || one === undefined || other === undefined || mayConflict(one, other);
  });
  const related = await withAncestor(repo, objects, mayBe, baseOf);
  const merging = related.map((pair): OpenPair => {
    const base = baseOf(pair.ours, pair.theirs);
    const [one, other] = [touched.get(`${base} ${pair.ours}`), touched.get(`${base} ${pair.theirs}`)];
    const isBases = base !== undefined && one?.attributes === false;
    return { ...pair, attributes: trees.get(isBases ? base : pair.ours)!, size: sizeOf(one) + sizeOf(other) };
  });
  const files = await mergePairs(repo, objects, merging);
  const unrelated = new Set(mayBe.filter((pair) => !related.includes(pair)));
  const answers = new Map(
    pairs.flatMap((pair) => (unrelated.has(pair) ? [] : [[keyOf(pair), []] as [string, readonly ConflictedFile[]]])),
  );
  for (const [index, pair] of related.entries()) answers.set(keyOf(pair), files[index] ?? []);
  return { answers, merged: related.length };
}

/** Where it is not known what a side changed, as much as a large change. */
const LARGE = 10_000;

function sizeOf(touched: Touched | undefined): number {
  return touched === undefined ? LARGE : touched.paths.size + touched.folders.size + 1;
}

interface Known {
  readonly baseOf: BaseOf;
  readonly trees: ReadonlyMap<Oid, Oid>;
}

/** What each side changed since each base that it has with another, by `"<base> <side>"`. */
async function touchedSince(
  repo: Repository,
  objects: ScratchObjects,
  pairs: readonly Pair[],
  { baseOf, trees }: Known,
): Promise<ReadonlyMap<string, Touched>> {
  const wanted = new Map<string, readonly [Oid, Oid]>();
  for (const { ours, theirs } of pairs) {
    const base = baseOf(ours, theirs);
    for (const side of base === undefined ? [] : [ours, theirs]) wanted.set(`${base} ${side}`, [base as Oid, side]);
  }
  const found = await touchedBetween(
    repo,
    objects,
    [...wanted.values()].map(([base, side]) => [trees.get(base)!, trees.get(side)!] as const),
  );
  return new Map([...wanted.keys()].map((key, index) => [key, found[index]!]));
}

/** The tree of every side, and of every base. */
async function treesOf(
  { reader }: ScratchObjects,
  pairs: readonly Pair[],
  baseOf: BaseOf,
): Promise<ReadonlyMap<Oid, Oid>> {
  const commits = new Set(pairs.flatMap(({ ours, theirs }) => [ours, theirs, baseOf(ours, theirs) ?? ours]));
  const found = await Promise.all(
    [...commits].map(async (commit) => [commit, (await reader.read(`${commit}^{tree}`))?.oid] as const),
  );
  return new Map(found.filter((pair): pair is [Oid, Oid] => pair[1] !== undefined));
}

/** Where the base of a pair is not known it may have none, and git would end the whole batch there. */
async function withAncestor(
  repo: Repository,
  { variables }: ScratchObjects,
  pairs: readonly Pair[],
  baseOf: BaseOf,
): Promise<readonly Pair[]> {
  const related: Pair[] = [];
  for (const pair of pairs) {
    const { ours, theirs } = pair;
    const isKnown = baseOf(ours, theirs) !== undefined;
    const call = { command: "merge-base", values: [ours, theirs], variables, codes: [0, 1] } as const;
    if (isKnown || (await repo.door.inHub(call)).code === 0) related.push(pair);
  }
  return related;
}
