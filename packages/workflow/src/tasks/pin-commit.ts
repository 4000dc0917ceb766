import { createHash } from "node:crypto";
import type { TaskName } from "@orchard/tracker-core";
import { type Oid, parseOid, parseRef, type RefName, type Repository } from "@orchard/worktree-git";
import type { Followed } from "./follow-proofs.ts";

/**
 * Keeps a commit that proves a task, whatever becomes of its branch: those who contain it need it to take it out again or
 * to put another in its place. The commit is durable when this returns.
 */
export async function pinCommit(repository: Repository, name: TaskName, commit: Oid, since?: Oid): Promise<void> {
  await repository.makeDurable(commit, since);
  await repository.createRef(pinOf(name, commit), commit, `orchard: proves ${name.spec}/${name.task}`);
}

/** Commits that were made to follow a restack: no branch leads to them. */
export async function pinFollowed(repository: Repository, { proofs, starts }: Followed): Promise<void> {
  for (const { spec, task, to, start } of proofs) {
    await pinCommit(repository, { spec, task }, parseOid(to));
    await pinCommit(repository, { spec, task }, parseOid(start));
  }
  for (const { spec, task, to } of starts) await pinCommit(repository, { spec, task }, parseOid(to));
}

/** Names that git takes and that no two tasks share; ids are letters, digits, dots, dashes and underscores. */
function pinOf({ spec, task }: TaskName, commit: Oid): RefName {
  const readable = `${spec}/${task}`.replaceAll(/[^A-Za-z0-9/_-]/g, "_");
  const exact = createHash("sha256").update(`${spec}/${task}`).digest("hex").slice(0, 8);
  return parseRef(`refs/orch/work/${readable}-${exact}/${commit.slice(0, 16)}`);
}
