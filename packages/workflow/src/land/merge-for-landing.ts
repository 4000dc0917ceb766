import type { Progress } from "@orchard/tracker-core";
import type { MergeRequest, Oid } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { mergeTicked } from "./merge-ticked.ts";
import { regenerate } from "./regenerate.ts";
import { taskFilesOf } from "./tick.ts";

export type MergeForLanding =
  | { readonly kind: "merged"; readonly tree: Oid; readonly regenerated: readonly string[] }
  | { readonly kind: "alreadyMerged" }
  | { readonly kind: "conflicted"; readonly files: readonly string[]; readonly reason?: string }
  | { readonly kind: "interrupted" };

/**
 * A merge on top of what has landed: boxes that either side ticked are ticked, and regenerable files that conflict, or
 * that both sides changed, are made anew by their command. A command that fails leaves the conflict, with the reason.
 */
export async function mergeForLanding(
  worker: Worker,
  subject: string,
  request: MergeRequest,
  progress: Progress,
): Promise<MergeForLanding> {
  const { config } = await worker.orchard.config();
  const hub = await worker.orchard.hub();
  const regenerable = Object.keys(config.regenerate);
  const isTaskFile = taskFilesOf(progress);
  const merge = await mergeTicked(hub, request, isTaskFile, (path) => regenerable.includes(path));
  if (merge.kind === "alreadyMerged") return merge;
  const conflicted = merge.kind === "conflicted" ? merge.files.map(({ path }) => path) : [];
  if (!conflicted.every((path) => regenerable.includes(path))) return { kind: "conflicted", files: conflicted };
  const remade = await regenerate(worker, { subject, request, tree: merge.tree, conflicted });
  switch (remade.kind) {
    case "interrupted":
      return remade;
    case "failed":
      return { kind: "conflicted", files: remade.files, reason: remade.reason };
    case "made":
      return { kind: "merged", tree: remade.tree, regenerated: remade.files };
  }
}
