import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import { containedIn } from "./contained-in.ts";
import type { Change } from "./patch-ids.ts";

/** A stretch of history as one change. */
export interface Section extends Change {
  readonly from: Oid;
  /** Those of the commits asked about that lie in it. */
  readonly within: readonly Oid[];
}

/** At most so many ends are looked at, the newest. */
const ENDS = 40;

/**
 * The stretches that end at an open commit: from where it left the history of `tip`, and from behind each of the
 * `commits` (oldest first) that it contains.
 */
export async function readSections(
  repo: Repository,
  { tip, commits, open }: { readonly tip: Oid; readonly commits: readonly Oid[]; readonly open: ReadonlySet<Oid> },
): Promise<readonly Section[]> {
  const ends = commits.filter((commit) => open.has(commit)).slice(-ENDS);
  const sections: Section[] = [];
  for (const to of ends) {
    const earlier = commits.slice(0, commits.indexOf(to));
    const [fork, below] = await Promise.all([
      repo.mergeBase(to, tip),
      containedIn(repo, { commits: earlier, head: to }),
    ]);
    const line = [...earlier.filter((commit) => below.has(commit)), to];
    if (fork !== undefined) sections.push({ from: fork, to, within: line });
    for (const [at, from] of line.slice(0, -1).entries()) sections.push({ from, to, within: line.slice(at + 1) });
  }
  return sections;
}
