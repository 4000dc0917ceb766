import { openObjectReader } from "../git/object-reader.ts";
import { parseCommit } from "../git/parse-commit.ts";
import type { Oid } from "../object-id.ts";
import type { CommitInfo, Repository } from "../repository/repository.ts";
import { containedIn, knownCommits, reachableBeyond } from "./contained-in.ts";
import { type Pairing, pairUp } from "./pair-up.ts";
import { patchIds } from "./patch-ids.ts";
import { readSections } from "./sections.ts";
import { touchedPaths } from "./touched-paths.ts";

/** At most this many commits of `tip`, the newest, are compared with. */
export const LOOKED_AT = 1_000;

/** Commits whose new form is looked for, and where. */
export interface RewrittenRequest {
  /** Where the rewritten history ends: the same branch later, or the base after a squash. */
  readonly tip: Oid;
  /** Oldest first. */
  readonly commits: readonly Oid[];
}

/**
 * Which commits that `tip` reaches took the place of `commits`, after an amend, reword, rebase or squash. A commit is
 * known again by its patch; then by a patch that several of `commits` make together; then by author and author date,
 * which amend and rebase keep, if the subject or a changed path is the same too; then by author, subject and a changed
 * path. Where more than one answer is left there is none: a commit without an answer is absent, as are one that `tip`
 * contains and one that is not here.
 */
export async function findRewritten(
  repo: Repository,
  { tip, commits }: RewrittenRequest,
): Promise<ReadonlyMap<Oid, Oid>> {
  const known = await knownCommits(repo, commits);
  const contained = await containedIn(repo, { commits: known, head: tip });
  const gone = known.filter((commit) => !contained.has(commit));
  const candidates = gone.length === 0 ? [] : [...(await reachableBeyond(repo, [tip], gone, LOOKED_AT))];
  if (candidates.length === 0) return new Map();
  const [was, now] = await Promise.all([readCommits(repo, gone), readCommits(repo, candidates)]);
  const patches = await patchesOf(repo, [...was, ...now]);
  const pairing: Pairing = { was, now, found: new Map(), open: new Set(gone) };
  pairUp(pairing, { marks: [({ oid }) => patches.get(oid), author, subject] });
  await pairSquashed(repo, tip, pairing, patches);
  const sharePath = await pathSharing(repo, pairing);
  const shareMore: Fits = (old, young) => subject(old) === subject(young) || sharePath(old, young);
  pairUp(pairing, { marks: [author, subject], fits: shareMore });
  pairUp(pairing, { marks: [subject], fits: sharePath });
  return pairing.found;
}

async function readCommits(repo: Repository, oids: readonly Oid[]): Promise<readonly CommitInfo[]> {
  using reader = openObjectReader(await repo.door.hubPlace());
  const objects = await Promise.all(oids.map((oid) => reader.read(oid)));
  return objects.flatMap((object) => (object?.type === "commit" ? [parseCommit(object.oid, object.content)] : []));
}

async function patchesOf(repo: Repository, commits: readonly CommitInfo[]): Promise<ReadonlyMap<Oid, string>> {
  const single = commits.filter(({ parents }) => parents.length < 2);
  const ids = await patchIds(
    repo,
    single.map(({ oid }) => ({ to: oid })),
  );
  return new Map(single.flatMap(({ oid }, index) => (ids[index] === undefined ? [] : [[oid, ids[index]] as const])));
}

/**
 * A squash makes at once what several commits made. Its patch is that of a section of the old history, and every
 * commit in that section went into it.
 */
async function pairSquashed(
  repo: Repository,
  tip: Oid,
  { was, now, found, open }: Pairing,
  patches: ReadonlyMap<Oid, string>,
): Promise<void> {
  if (open.size === 0) return;
  const sections = await readSections(repo, { tip, commits: was.map(({ oid }) => oid), open });
  const ids = await patchIds(repo, sections);
  for (const [index, { within }] of sections.entries()) {
    const matches = now.filter(({ oid }) => ids[index] !== undefined && patches.get(oid) === ids[index]);
    if (matches.length !== 1) continue;
    for (const commit of within.filter((each) => open.delete(each))) found.set(commit, matches[0]!.oid);
  }
}

type Fits = (old: CommitInfo, young: CommitInfo) => boolean;

/** Many commits are made in the same second, and many are called "wip": those of the same change touch the same files. */
async function pathSharing(repo: Repository, { now, open }: Pairing): Promise<Fits> {
  const touched = await touchedPaths(repo, open.size === 0 ? [] : [...open, ...now.map(({ oid }) => oid)]);
  const pathsOf = ({ oid }: CommitInfo) => touched.get(oid) ?? new Set<string>();
  return (old, young) => [...pathsOf(old)].some((path) => pathsOf(young).has(path));
}

function author(commit: CommitInfo): string {
  return `${commit.author.email} ${commit.authoredAt}`;
}

/**
 * Hosts that squash put the number of the pull request behind it. Merges are all called the same: for them it says
 * nothing.
 */
function subject(commit: CommitInfo): string | undefined {
  if (commit.parents.length > 1) return undefined;
  const text = commit.subject.replace(/ \(#\d+\)$/, "");
  return text === "" ? undefined : `${commit.author.email} ${text}`;
}
