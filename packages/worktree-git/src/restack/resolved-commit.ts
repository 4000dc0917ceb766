import { openObjectReader } from "../git/object-reader.ts";
import { parseCommit } from "../git/parse-commit.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import { isThere } from "../repository/is-there.ts";
import type { CommitInfo, Repository } from "../repository/repository.ts";
import { findWorktree, whyTampered } from "../worktrees/find-worktree.ts";
import { readStatus } from "../worktrees/inspect-worktree.ts";
import { operationIn } from "../worktrees/operation.ts";

/** The worktree of {@link beginMerge}, or its branch when that is gone. */
export type ResolutionSought = ({ readonly path: string } | { readonly branch: RefName }) & {
  /** The commit that the merge began from. */
  readonly onto: Oid;
  readonly theirs: Oid;
};

/**
 * The commit with which somebody ended a merge by hand, and whatever they committed on top: its first parents lead to
 * `onto`, and one commit on that way merged `theirs`. `undefined` while there is none, or while the worktree holds
 * something of tracked files that is not committed, unmerged paths or an operation in progress. Durable when it is
 * returned.
 */
export async function resolvedCommit(repo: Repository, sought: ResolutionSought): Promise<Oid | undefined> {
  const { onto, theirs } = sought;
  const head = "path" in sought ? await committedHead(repo, sought.path) : await repo.resolve(sought.branch);
  if (head === undefined || head === onto || !(await mergedOnTheWay(repo, head, onto, theirs))) return undefined;
  await repo.makeDurable(head, onto);
  return head;
}

async function committedHead(repo: Repository, path: string): Promise<Oid | undefined> {
  const place = await findWorktree(repo, path);
  if (place === undefined || !(await isThere(place.root))) return undefined;
  if ((await whyTampered(repo, place)) !== undefined) return undefined;
  if ((await operationIn(place.gitDir)) !== undefined) return undefined;
  const { head, staged, unstaged, conflicted } = await readStatus(repo, place, "no");
  return staged.length + unstaged.length + conflicted.length === 0 ? head : undefined;
}

/** People commit a few times on top, not thousands. */
const FARTHEST = 1_000;

async function mergedOnTheWay(repo: Repository, head: Oid, onto: Oid, theirs: Oid): Promise<boolean> {
  using reader = openObjectReader(await repo.door.hubPlace());
  let merged = false;
  let at: Oid | undefined = head;
  for (let steps = 0; at !== undefined && at !== onto && steps < FARTHEST; steps += 1) {
    const object = await reader.read(at);
    if (object?.type !== "commit") return false;
    const { parents }: CommitInfo = parseCommit(at, object.content);
    merged ||= parents.slice(1).includes(theirs);
    at = parents[0];
  }
  return merged && at === onto;
}
