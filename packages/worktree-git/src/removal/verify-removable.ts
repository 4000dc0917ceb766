import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { processesInside } from "@orchard/host";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree, OTHER_REPOSITORY, whyTampered } from "../worktrees/find-worktree.ts";
import { inspectWorktree, type WorktreeState } from "../worktrees/inspect-worktree.ts";
import { readWorktrees } from "../worktrees/read-worktrees.ts";

declare const verified: unique symbol;

/** A worktree that was checked and may be moved to the trash. Only {@link verifyRemovable} makes one. */
export interface RemovableWorktree {
  readonly path: string;
  readonly gitDir: string;
  readonly head: Oid | undefined;
  readonly branch: RefName | undefined;
  readonly [verified]: true;
}

/** Why a worktree may not be removed; `what` says in words which of its links was changed. */
export type RefusalReason =
  | {
      readonly why: "notAWorktree" | "mainWorktree" | "outsideRoot" | "isALink" | "notLockedByUs";
      readonly path: string;
    }
  | { readonly why: "tampered"; readonly path: string; readonly what: string }
  | { readonly why: "processInside"; readonly pid: number; readonly command: string };

/** Whether a worktree may be removed, and if not every reason that was found. */
export type Removability =
  | { readonly kind: "removable"; readonly worktree: RemovableWorktree; readonly dirt: WorktreeState }
  | { readonly kind: "refused"; readonly reasons: readonly RefusalReason[] };

/** Which worktree somebody wants removed. */
export interface RemovalRequest {
  readonly path: string;
  /** The only folder below which anything may be removed, as it was recorded. */
  readonly recordedRoot: string;
  /** Also one whose `.git` file is gone or names another git dir: a restore writes it anew. */
  readonly damaged?: boolean;
}

/**
 * Whether a worktree may be removed: a linked one of this repository, locked when it was made, its real path below
 * the recorded root, its links as git recorded them, and no live process works in it. `dirt` says what is in it
 * that no commit has; that is for the caller to judge, nothing of it is lost by a removal. `damaged`: its link may be
 * broken as far as a restore can mend it; of such a one `dirt` says nothing.
 */
export async function verifyRemovable(
  repo: Repository,
  { path, recordedRoot, damaged = false }: RemovalRequest,
): Promise<Removability> {
  const misplaced = await whyMisplaced(repo, path, recordedRoot);
  if (misplaced !== undefined) return { kind: "refused", reasons: [misplaced] };
  const place = await findWorktree(repo, path);
  const listed = place === undefined ? undefined : (await readWorktrees(repo)).byPath(place.root);
  if (place === undefined || listed === undefined) return { kind: "refused", reasons: [{ why: "notAWorktree", path }] };
  const reasons: RefusalReason[] = [];
  if (listed.locked === undefined) reasons.push({ why: "notLockedByUs", path });
  const what = await whyTampered(repo, place);
  const isAllowed = what === undefined || (damaged && (await isMendable(place.root, what)));
  if (!isAllowed) reasons.push({ why: "tampered", path, what });
  for (const { pid, command } of processesInside(place.root)) reasons.push({ why: "processInside", pid, command });
  if (reasons.length > 0) return { kind: "refused", reasons };
  const dirt = await inspectWorktree(repo, place.root);
  const { head, branch } = what === undefined ? dirt : listed;
  return {
    kind: "removable",
    worktree: { path: place.root, gitDir: place.gitDir, head, branch } as RemovableWorktree,
    dirt,
  };
}

/** A link or a folder in the place of the `.git` file is somebody's, and nothing is ever written through it. */
async function isMendable(root: string, what: string): Promise<boolean> {
  if (what === OTHER_REPOSITORY) return false;
  const stat = await lstat(join(root, ".git")).catch(() => undefined);
  return stat === undefined || stat.isFile();
}

async function whyMisplaced(repo: Repository, path: string, recordedRoot: string): Promise<RefusalReason | undefined> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) return { why: "notAWorktree", path };
  if (stat.isSymbolicLink()) return { why: "isALink", path };
  const [real, root] = await Promise.all([realpath(path), realpath(recordedRoot).catch(() => undefined)]);
  if (real === repo.place.mainRoot) return { why: "mainWorktree", path };
  if (root === undefined || !real.startsWith(root + sep)) return { why: "outsideRoot", path };
  return undefined;
}
