import { isOid, type Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";

/** Commits that `head` may contain. */
export interface ContainedRequest {
  readonly commits: readonly Oid[];
  readonly head: Oid;
}

/**
 * Which of `commits` are `head` or ancestors of it: by ancestry alone, two calls whatever their number. Ids that
 * name no commit here are not contained; without `head` nothing is.
 */
export async function containedIn(repo: Repository, { commits, head }: ContainedRequest): Promise<ReadonlySet<Oid>> {
  const known = await knownCommits(repo, commits);
  if (known.length === 0) return new Set();
  const beyond = await reachableBeyond(repo, known, [head]);
  return new Set(known.filter((commit) => !beyond.has(commit)));
}

/** Those of `ids` that are commits in this repository. */
export async function knownCommits(repo: Repository, ids: readonly Oid[]): Promise<readonly Oid[]> {
  if (ids.length === 0) return [];
  const { stdout } = await repo.door.inHub({
    command: "cat-file",
    options: ["--batch-check=%(objectname) %(objecttype)"],
    stdin: `${ids.join("\n")}\n`,
  });
  const commits = new Set<string>();
  for (const line of stdout.toString("latin1").split("\n")) {
    const [oid = "", type] = line.split(" ");
    if (type === "commit") commits.add(oid);
  }
  return [...new Set(ids)].filter((id) => commits.has(id));
}

/** Everything that `tips` reach and `but` do not, newest first, at most `limit`. Ids that are not here say nothing. */
export async function reachableBeyond(
  repo: Repository,
  tips: readonly Oid[],
  but: readonly Oid[],
  limit?: number,
): Promise<ReadonlySet<Oid>> {
  const { stdout } = await repo.door.inHub({
    command: "rev-list",
    options: ["--ignore-missing", "--stdin", ...(limit === undefined ? [] : [`--max-count=${limit}`])],
    stdin: [...tips, ...but.map((oid) => `^${oid}`), ""].join("\n"),
  });
  return new Set(stdout.toString("latin1").split("\n").filter(isOid));
}
