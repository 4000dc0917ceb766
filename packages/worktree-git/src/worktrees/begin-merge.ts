import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { joinNul, shownPath } from "../git/paths.ts";
import { openHub } from "../hub/hub.ts";
import type { ConflictStage } from "../hub/parse-merge-tree.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";
import { addWorktree } from "./add-worktree.ts";
import { requireWorktree } from "./find-worktree.ts";
import { operationIn } from "./operation.ts";

export interface MergeToBegin {
  readonly path: string;
  /** The branch that the finished merge will be on; made at `ours`. */
  readonly branch: RefName;
  readonly ours: Oid;
  readonly theirs: Oid;
  readonly message: string;
  /** The worktree's lock. */
  readonly reason?: string;
}

/**
 * A worktree with the merge of `theirs` into `ours` in progress, as `git merge` would have left it: conflict
 * markers in the files, all versions in the index, `MERGE_HEAD`. A person goes on there with plain git. Called
 * again while that merge is in progress it changes nothing. Computed in the hub: no driver of the settings ran.
 */
export async function beginMerge(repo: Repository, request: MergeToBegin): Promise<void> {
  const { path, branch, ours, theirs, reason = "Orchard: a merge to finish by hand" } = request;
  await addWorktree(repo, { path, branch, start: ours, reason });
  const place = await requireWorktree(repo, path);
  if ((await operationIn(place.gitDir)) !== undefined) return;
  using hub = await openHub(repo);
  const merge = await hub.merge({ ours, theirs });
  if (merge.kind === "alreadyMerged") return;
  const stages = merge.kind === "conflicted" ? merge.stages : [];
  await writeFile(join(place.gitDir, "MERGE_MSG"), messageWith(request.message, stages));
  await writeFile(join(place.gitDir, "MERGE_MODE"), "no-ff");
  await writeFile(join(place.gitDir, "ORIG_HEAD"), `${ours}\n`);
  await repo.door.inWorktree(place, { command: "read-tree", options: ["-m", "-u"], values: [ours, merge.tree] });
  if (stages.length > 0) {
    await repo.door.inWorktree(place, {
      command: "update-index",
      options: ["-z", "--index-info"],
      stdin: indexInfo(stages),
    });
  }
  await writeFile(join(place.gitDir, "MERGE_HEAD"), `${theirs}\n`);
}

/** Takes each conflicted path out of the index and puts its versions in its place. */
function indexInfo(stages: readonly ConflictStage[]): Buffer {
  const zero = "0".repeat(stages[0]?.oid.length ?? 40);
  const paths = new Map(stages.map(({ path }) => [path.toString("latin1"), path]));
  const removals = [...paths.values()].map((path) => line(`0 ${zero} 0`, path));
  const versions = stages.map(({ mode, oid, stage, path }) => line(`${mode} ${oid} ${stage}`, path));
  return joinNul([...removals, ...versions]);
}

function line(fields: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${fields}\t`), path]);
}

function messageWith(message: string, stages: readonly ConflictStage[]): string {
  const paths = [...new Set(stages.map(({ path }) => shownPath(path)))];
  const text = message.endsWith("\n") ? message : `${message}\n`;
  return paths.length === 0 ? text : `${text}\n# Conflicts:\n${paths.map((path) => `#\t${path}\n`).join("")}`;
}
