import { type Oid, parseRef, type Repository } from "@orchard/worktree-git";

/** Pins a commit under `refs/orch/kept/<name>/<commit>`, whoever moved the ref that led to it. */
export async function keepCommit(repository: Repository, name: string, commit: Oid): Promise<void> {
  const kept = parseRef(`refs/orch/kept/${name}/${commit}`);
  if ((await repository.resolve(kept)) === undefined) await repository.createRef(kept, commit, `orch: was ${name}`);
}
