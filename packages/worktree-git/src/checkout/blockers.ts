import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { WorktreePlace } from "../git/git-door.ts";
import { shownPath } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";
import type { RawChange } from "../repository/history.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { readStatus } from "../worktrees/inspect-worktree.ts";
import { operationIn } from "../worktrees/operation.ts";

/** What keeps a checkout from moving, and where. */
export interface Blocker {
  /**
   * `dirty`: tracked files or the index differ from HEAD. `operation`: a merge, rebase … waits; its name is in
   * `paths`. `indexLock`: a git command runs, or died. `inTheWay`: untracked or ignored files stand where new ones
   * would go. `moved`: HEAD is no longer where the caller saw it.
   */
  readonly what: "dirty" | "operation" | "indexLock" | "inTheWay" | "moved";
  readonly paths: readonly string[];
}

const LISTED = 50;

/** Everything that stands against advancing this work tree from `from`; untracked and ignored files do not count here. */
export async function findBlockers(repo: Repository, place: WorktreePlace, from: Oid): Promise<readonly Blocker[]> {
  const [status, operation, locked] = await Promise.all([
    readStatus(repo, place, "no"),
    operationIn(place.gitDir),
    isThere(join(place.gitDir, "index.lock")),
  ]);
  const files = status.unstaged.filter((path) => !status.submodules.includes(path));
  const dirty = [...new Set([...status.staged, ...files, ...status.conflicted])];
  const blockers: Blocker[] = [];
  if (status.head !== from) blockers.push({ what: "moved", paths: status.head === undefined ? [] : [status.head] });
  if (operation !== undefined) blockers.push({ what: "operation", paths: [operation] });
  if (locked) blockers.push({ what: "indexLock", paths: [join(place.gitDir, "index.lock")] });
  if (dirty.length > 0) blockers.push({ what: "dirty", paths: dirty.slice(0, LISTED) });
  return blockers;
}

/** Files on disk where `changes` would put new ones: at an added path, or where one of its folders should be. */
export async function findInTheWay({ root }: WorktreePlace, changes: readonly RawChange[]): Promise<readonly string[]> {
  const tracked = new Set(
    changes.filter(({ status }) => status !== "added").map(({ path }) => path.toString("latin1")),
  );
  const found = new Set<string>();
  for (const { status, path } of changes) {
    if (status !== "added") continue;
    const stat = await lstat(onDisk(root, path)).catch(() => undefined);
    if (stat !== undefined) found.add(shownPath(path));
    for (let end = path.lastIndexOf(SLASH); end > 0; end = path.subarray(0, end).lastIndexOf(SLASH)) {
      const folder = path.subarray(0, end);
      if (tracked.has(folder.toString("latin1"))) continue;
      const above = await lstat(onDisk(root, folder)).catch(() => undefined);
      if (above !== undefined && !above.isDirectory()) found.add(shownPath(folder));
    }
  }
  return [...found].sort().slice(0, LISTED);
}

const SLASH = "/".charCodeAt(0);

/** The absolute path, byte for byte, of a path that git printed. */
export function onDisk(root: string | Buffer, path: Buffer): Buffer {
  return Buffer.concat([typeof root === "string" ? Buffer.from(root) : root, Buffer.from("/"), path]);
}
