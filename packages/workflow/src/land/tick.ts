import { tickTasks } from "@orchard/task-files";
import type { Progress, TaskName } from "@orchard/tracker-core";
import type { Hub, Oid } from "@orchard/worktree-git";

/** The tree in which the boxes of exactly these tasks are ticked, one byte each, in the files that define them. */
export async function tickedTree(hub: Hub, progress: Progress, tree: Oid, done: readonly TaskName[]): Promise<Oid> {
  let ticked = tree;
  for (const [name, tasks] of Map.groupBy(done, ({ spec }) => spec)) {
    const path = progress.specs[name]?.definition.path;
    const source = path === undefined ? undefined : await hub.fileAt(ticked, path);
    if (path === undefined || source === undefined) continue;
    const content = tickTasks(source, new Set(tasks.map(({ task }) => task)));
    if (!source.equals(content)) ticked = (await hub.replaceFile({ tree: ticked, path, content })) ?? ticked;
  }
  return ticked;
}

/** Whether a file defines the tasks of a spec. */
export function taskFilesOf(progress: Progress): (path: string) => boolean {
  const paths = new Set(Object.values(progress.specs).map(({ definition }) => definition.path));
  return (path) => paths.has(path);
}
