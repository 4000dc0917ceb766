import type { Oid } from "../object-id.ts";
import type { CommitInfo } from "../repository/repository.ts";

export interface Pairing {
  readonly was: readonly CommitInfo[];
  readonly now: readonly CommitInfo[];
  readonly found: Map<Oid, Oid>;
  /** Old commits that may still be paired. One that could be several new ones is neither open nor found. */
  readonly open: Set<Oid>;
}

/** What a commit is known by; `undefined` when it has no such mark. */
export type Mark = (commit: CommitInfo) => string | undefined;

/**
 * Pairs old and new commits that share the first mark. Where several do, the next marks must tell them apart; what
 * they leave undecided stays so, whatever is tried later.
 */
export function pairUp(pairing: Pairing, marks: readonly Mark[]): void {
  const { was, now, found, open } = pairing;
  const taken = new Set(found.values());
  const old = was.filter(({ oid }) => open.has(oid));
  const young = now.filter(({ oid }) => !taken.has(oid));
  for (const { group, matches } of sharing(old, young, marks[0]!)) {
    for (const { oid } of group) open.delete(oid);
    for (const [before, after] of onlyPairs(group, matches, marks.slice(1))) found.set(before, after);
  }
}

function onlyPairs(
  group: readonly CommitInfo[],
  matches: readonly CommitInfo[],
  marks: readonly Mark[],
): readonly (readonly [Oid, Oid])[] {
  if (group.length === 1 && matches.length === 1) return [[group[0]!.oid, matches[0]!.oid]];
  const [mark, ...rest] = marks;
  if (mark === undefined) return [];
  return sharing(group, matches, mark).flatMap((part) => onlyPairs(part.group, part.matches, rest));
}

function sharing(old: readonly CommitInfo[], young: readonly CommitInfo[], mark: Mark) {
  const matches = groupBy(young, mark);
  return [...groupBy(old, mark)].flatMap(([shared, group]) => {
    const there = matches.get(shared);
    return there === undefined ? [] : [{ group, matches: there }];
  });
}

function groupBy(commits: readonly CommitInfo[], mark: Mark): ReadonlyMap<string, readonly CommitInfo[]> {
  const groups = new Map<string, CommitInfo[]>();
  for (const commit of commits) {
    const shared = mark(commit);
    if (shared !== undefined) groups.set(shared, [...(groups.get(shared) ?? []), commit]);
  }
  return groups;
}
