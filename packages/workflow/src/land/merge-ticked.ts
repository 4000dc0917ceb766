import { mergeTicks } from "@orchard/task-files";
import type { Hub, MergeRequest, MergeResult, Oid } from "@orchard/worktree-git";

/**
 * As the hub merges, but two sides of a task file that differ from their base only inside checkboxes never conflict:
 * every box that either side ticked is ticked. Any other conflict stays as it is, whole; but for files that `isOpen` names,
 * which the caller settles: they alone are left in conflict.
 */
export async function mergeTicked(
  hub: Hub,
  request: MergeRequest,
  isTaskFile: (path: string) => boolean,
  isOpen: (path: string) => boolean = () => false,
): Promise<MergeResult> {
  const merge = await hub.merge(request);
  if (merge.kind !== "conflicted" || !merge.files.every(({ path }) => isTaskFile(path) || isOpen(path))) return merge;
  let tree: Oid = merge.tree;
  for (const { path } of merge.files.filter((file) => !isOpen(file.path))) {
    const content = await mergedFile(hub, merge, path);
    const next = content && (await hub.replaceFile({ tree, path, content }));
    if (next === undefined) return merge;
    tree = next;
  }
  const open = merge.files.filter(({ path }) => isOpen(path));
  return open.length === 0 ? { kind: "merged", tree } : { ...merge, tree, files: open };
}

async function mergedFile(
  hub: Hub,
  { stages }: Extract<MergeResult, { kind: "conflicted" }>,
  path: string,
): Promise<Uint8Array | undefined> {
  const versions = [1, 2, 3].map((wanted) =>
    stages.find((one) => one.stage === wanted && one.path.equals(Buffer.from(path))),
  );
  const [base, ours, theirs] = await Promise.all(
    versions.map(async (one) => (one?.mode.startsWith("100") === true ? hub.blob(one.oid) : undefined)),
  );
  return base && ours && theirs && mergeTicks(base, ours, theirs);
}
