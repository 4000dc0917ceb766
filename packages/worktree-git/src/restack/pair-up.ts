import type { Oid } from "../object-id.ts";
import type { CommitInfo } from "../repository/repository.ts";

export interface Pairing {
  readonly was: readonly CommitInfo[];
  readonly now: readonly CommitInfo[];
  readonly found: Map<Oid, Oid>;
  /** Old commits that may still be paired. One that could be several new ones, or one of several, is neither open nor found. */
  readonly open: Set<Oid>;
}

/** What a commit is known by; `undefined` when it has no such mark. */
export type Mark = (commit: CommitInfo) => string | undefined;

export interface Pairer {
  /** Old and new commits that share the first are compared; where several do, the next must tell them apart. */
  readonly marks: readonly [Mark, ...Mark[]];
  /** Whether two that share the first mark can be the same commit at all. */
  readonly fits?: (was: CommitInfo, now: CommitInfo) => boolean;
}

/** Pairs old and new commits. What the marks leave undecided stays so, whatever is tried later. */
export function pairUp(
  { was, now, found, open }: Pairing,
  { marks: [first, ...rest], fits = () => true }: Pairer,
): void {
  const taken = new Set(found.values());
  const wasOpen = new Set(open);
  const old = was.filter(({ oid }) => !found.has(oid)); // those no longer open may still be what a new one was
  const young = now.filter(({ oid }) => !taken.has(oid));
  for (const shared of sharing(old, young, first)) {
    const group = shared.group.filter((before) => shared.matches.some((after) => fits(before, after)));
    for (const { oid } of group) open.delete(oid);
    for (const [before, after] of onlyPairs({ group, matches: shared.matches }, rest, fits)) {
      if (wasOpen.has(before)) found.set(before, after);
    }
  }
}

interface Shared {
  readonly group: readonly CommitInfo[];
  readonly matches: readonly CommitInfo[];
}

function onlyPairs(
  { group, matches }: Shared,
  marks: readonly Mark[],
  fits: NonNullable<Pairer["fits"]>,
): readonly (readonly [Oid, Oid])[] {
  const [one] = group;
  const [mark, ...rest] = marks;
  if (one !== undefined && group.length === 1) {
    const fitting = matches.filter((each) => fits(one, each));
    if (fitting.length === 1) return [[one.oid, fitting[0]!.oid]];
  }
  if (mark === undefined) return [];
  return sharing(group, matches, mark).flatMap((shared) => onlyPairs(shared, rest, fits));
}

function sharing(old: readonly CommitInfo[], young: readonly CommitInfo[], mark: Mark): readonly Shared[] {
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
    if (shared === undefined) continue;
    const group = groups.get(shared);
    if (group === undefined) groups.set(shared, [commit]);
    else group.push(commit);
  }
  return groups;
}
