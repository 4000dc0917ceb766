import { sep } from "node:path";
import { isOrchardError, isSystemError, type OrchardError } from "@orchard/kernel";
import { type Shortfall, worktreeDamaged } from "./shortfall.ts";

/**
 * What an error says about one lane alone: its commits cannot be checked out, files in its `folder` cannot be read, the
 * folder is gone or leads elsewhere; `cause` names what was tried. `undefined`: it is about all of them, or none, and is for
 * whoever drives. Another attempt may do better where only files are in the way.
 */
export function laneFault(
  error: unknown,
  { folder, cause }: { readonly folder: string; readonly cause: string },
): Shortfall | undefined {
  if (isOrchardError(error)) {
    if (isEverybodys(error)) return undefined;
    if (DAMAGE.includes(error.code)) return worktreeDamaged(error.message);
    return { cause, reason: `${error.message} ${error.hint ?? ""}`.trim(), final: error.kind !== "failed" };
  }
  if (!isSystemError(error, ...OF_FILES) || !("path" in error) || typeof error.path !== "string") return undefined;
  const isInside = error.path === folder || error.path.startsWith(folder + sep);
  return isInside ? { cause, reason: error.message } : undefined;
}

const DAMAGE = ["WORKTREE_TAMPERED", "NOT_A_WORKTREE"];
const OF_FILES = ["EACCES", "EPERM", "ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "ENOTEMPTY", "EEXIST", "ENAMETOOLONG"];

/** A lock that was not had, a newer driver, a fault of ours, a broken disk or git say nothing about a lane. */
function isEverybodys({ kind, code }: OrchardError): boolean {
  const kinds: readonly string[] = ["lock", "internal", "interrupted"];
  return kinds.includes(kind) || ["STORE_UNWRITABLE", "SYNC_FAILED", "GIT_MISSING", "GIT_TOO_OLD"].includes(code);
}
