import { stat } from "node:fs/promises";
import { join } from "node:path";
import { objectMissing } from "../errors.ts";
import { type CommitText, commitText } from "../git/commit-writer.ts";
import type { ObjectReader } from "../git/object-reader.ts";
import { parseCommit } from "../git/parse-commit.ts";
import { type PendingObjects, pendingObjects } from "../git/pending-objects.ts";
import type { Oid } from "../object-id.ts";
import { syncFolder } from "../repository/refs.ts";
import type { Person, Repository } from "../repository/repository.ts";
import { onlyMergeBase } from "./merge-base.ts";
import { treeMerger } from "./merge-trees.ts";
import type { CommitRequest, MergeRequest, MergeResult } from "./requests.ts";

/** Commits to merge into `ours`, one after the other. */
export interface BatchRequest {
  readonly ours: Oid;
  /** In this order, each merged into the result of those before it. */
  readonly merges: readonly { readonly theirs: Oid; readonly message: string; readonly author?: Person }[];
  /** What comes behind the first conflict is not tried. Without it those that conflict are left out. */
  readonly stopAtConflict?: boolean;
}

/** What came of one merge of a batch; `commit` contains it and all before it. */
export type BatchedMerge =
  | { readonly kind: "merged"; readonly commit: Oid; readonly tree: Oid }
  | Extract<MergeResult, { readonly kind: "alreadyMerged" | "conflicted" }>;

/** What came of a batch, as a whole and one by one. */
export interface BatchResult {
  /** `ours` with all that merged; those that conflict are left out. */
  readonly landed: Oid;
  /** One for each merge asked for, in the same order; up to the first conflict with `stopAtConflict`. */
  readonly results: readonly BatchedMerge[];
}

export interface BatchTools {
  readonly reader: ObjectReader;
  merge(request: MergeRequest): Promise<MergeResult>;
  textOf(request: CommitRequest): Promise<CommitText>;
}

/**
 * Merges many commits, each as a commit of two parents. Where nothing could make git decide otherwise the trees
 * are merged in memory and written as one synced pack; everything else goes to git's own merge. When it returns,
 * `landed` is durable with all that it needs and `ours` has not.
 */
export async function mergeMany(
  repo: Repository,
  tools: BatchTools,
  { ours, merges, stopAtConflict = false }: BatchRequest,
): Promise<BatchResult> {
  const objects = pendingObjects(tools.reader, repo.objectFormat);
  const trees = treeMerger(objects);
  const shallow = (await stat(join(repo.place.commonDir, "shallow")).catch(() => undefined)) !== undefined;
  const results: BatchedMerge[] = [];
  let landed = ours;
  for (const { theirs, message, author } of merges) {
    const merge =
      (shallow ? undefined : await easyMerge(objects, trees.merge, landed, theirs)) ?? (await byGit(landed, theirs));
    if (merge.kind !== "merged") {
      results.push(merge);
      if (stopAtConflict && merge.kind === "conflicted") break;
      continue;
    }
    const request = {
      tree: merge.tree,
      parents: [landed, theirs],
      message,
      ...(author === undefined ? {} : { author }),
    };
    landed = objects.add("commit", Buffer.from(commitText(await tools.textOf(request))));
    results.push({ kind: "merged", commit: landed, tree: merge.tree });
  }
  await flush();
  if (landed !== ours) await repo.makeDurable(landed, ours);
  return { landed, results };

  async function byGit(left: Oid, right: Oid): Promise<MergeResult> {
    await flush();
    return tools.merge({ ours: left, theirs: right });
  }

  async function flush(): Promise<void> {
    if (objects.size === 0) return;
    await repo.door.inHub({ command: "index-pack", options: ["--stdin"], stdin: objects.takePack(), limitMs: 600_000 });
    await syncFolder(join(repo.place.commonDir, "objects", "pack"));
  }
}

async function easyMerge(
  objects: PendingObjects,
  mergeTrees: (base: Oid, ours: Oid, theirs: Oid) => Promise<Oid | undefined>,
  ours: Oid,
  theirs: Oid,
): Promise<MergeResult | undefined> {
  const base = await onlyMergeBase(objects, ours, theirs);
  if (base === undefined) return undefined;
  if (base === theirs) return { kind: "alreadyMerged" };
  const [root, left, right] = await Promise.all([base, ours, theirs].map((commit) => treeOf(objects, commit)));
  const tree = await mergeTrees(root!, left!, right!);
  return tree === undefined ? undefined : { kind: "merged", tree };
}

async function treeOf(objects: PendingObjects, commit: Oid): Promise<Oid> {
  const object = await objects.read(commit);
  if (object?.type !== "commit") throw objectMissing(commit);
  return parseCommit(commit, object.content).tree;
}
