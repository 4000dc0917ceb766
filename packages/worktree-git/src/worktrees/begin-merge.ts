import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { onDisk } from "../checkout/blockers.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { joinNul, shownPath } from "../git/paths.ts";
import { openHub } from "../hub/hub.ts";
import type { ConflictStage } from "../hub/parse-merge-tree.ts";
import type { MergeResult } from "../hub/requests.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import { isThere } from "../repository/is-there.ts";
import { syncFolder } from "../repository/refs.ts";
import type { Repository } from "../repository/repository.ts";
import { putAbandonedLockAside } from "./abandoned-lock.ts";
import { addWorktree } from "./add-worktree.ts";
import { requireWorktree } from "./find-worktree.ts";
import { readStatus } from "./inspect-worktree.ts";
import { makeWorktreeStateFolder } from "./make-worktree-state-folder.ts";
import { operationIn } from "./operation.ts";

/** A merge that somebody is to finish by hand, and the worktree to do it in. */
export interface MergeToBegin {
  readonly path: string;
  /** The branch that the finished merge will be on; made at `ours`. */
  readonly branch: RefName;
  readonly ours: Oid;
  readonly theirs: Oid;
  /** What the two are compared with, as in {@link MergeRequest}. */
  readonly base?: Oid;
  readonly message: string;
  /** The worktree's lock. */
  readonly reason?: string;
}

/**
 * A worktree with the merge of `theirs` into `ours` in progress, as `git merge` would have left it: conflict
 * markers in the files, all versions in the index, `MERGE_HEAD`. A person goes on there with plain git, also where
 * `theirs` is an ancestor of `ours` and `base` what it is to take the place of: `git commit` writes both parents.
 * Called again while that merge is in progress, or after something was committed there, it changes nothing; one that
 * a crash left half made is made whole. Computed in the hub: no driver of the settings ran.
 */
export async function beginMerge(repo: Repository, request: MergeToBegin): Promise<void> {
  const { path, branch, ours, theirs, base, reason = "Orchard: a merge to finish by hand" } = request;
  const { made, head } = await addWorktree(repo, { path, branch, start: ours, reason });
  const place = await requireWorktree(repo, path);
  if (head !== ours || (await operationIn(place.gitDir)) !== undefined) return;
  using hub = await openHub(repo);
  const merge = await hub.merge({ ours, theirs, ...(base === undefined ? {} : { base }) });
  if (merge.kind === "alreadyMerged") return;
  await putAbandonedLockAside(repo, place);
  await writeFiles(repo, place, request, merge, made);
  const stages = merge.kind === "conflicted" ? merge.stages : [];
  await writeFile(join(place.gitDir, "MERGE_MSG"), messageWith(request.message, stages));
  await writeFile(join(place.gitDir, "MERGE_MODE"), "no-ff");
  await writeFile(join(place.gitDir, "ORIG_HEAD"), `${ours}\n`);
  await writeFile(join(place.gitDir, "MERGE_HEAD"), `${theirs}\n`);
}

type OpenMerge = Exclude<MergeResult, { readonly kind: "alreadyMerged" }>;

/**
 * Files and index of the merge. While the note lies there nobody was told of the worktree, so what a crash left half
 * written may be written over; without it only what git would write over.
 */
async function writeFiles(
  repo: Repository,
  place: WorktreePlace,
  request: MergeToBegin,
  merge: OpenMerge,
  made: boolean,
): Promise<void> {
  const { gitDir } = place;
  const folder = await makeWorktreeStateFolder({ gitDir, commonDir: repo.place.commonDir });
  const note = join(folder, "merge-begun");
  if (made) await writeDurable(nodeFiles, note, "");
  if (await isThere(note)) {
    await repo.door.inWorktree(place, { command: "read-tree", options: ["--reset", "-u"], values: [merge.tree] });
  } else if ((await readStatus(repo, place, "no")).conflicted.length > 0) {
    return; // all was written, and only what names the operation is missing
  } else {
    await repo.door.inWorktree(place, {
      command: "read-tree",
      options: ["-m", "-u"],
      values: [request.ours, merge.tree],
    });
  }
  if (merge.kind === "conflicted") await writeConflict(repo, place, request, merge);
  await rm(note, { force: true });
  await syncFolder(folder);
}

async function writeConflict(
  repo: Repository,
  place: WorktreePlace,
  request: MergeToBegin,
  merge: Conflict,
): Promise<void> {
  await nameSides(place, request, merge);
  const stdin = indexInfo(merge.stages);
  await repo.door.inWorktree(place, { command: "update-index", options: ["-z", "--index-info"], stdin });
}

type Conflict = Extract<MergeResult, { readonly kind: "conflicted" }>;

/** With a base of one's own git compared two commits made for the purpose; the markers shall name what people know. */
async function nameSides(
  { root }: WorktreePlace,
  { ours, theirs }: MergeToBegin,
  { marked, stages }: Conflict,
): Promise<void> {
  if (marked.ours === ours && marked.theirs === theirs) return;
  for (const path of new Set(stages.map((stage) => stage.path.toString("latin1")))) {
    const file = onDisk(root, Buffer.from(path, "latin1"));
    const content = await readFile(file, "latin1").catch(() => undefined);
    if (content?.includes(marked.theirs) !== true) continue;
    await writeFile(file, content.replaceAll(marked.ours, ours).replaceAll(marked.theirs, theirs), "latin1");
  }
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
