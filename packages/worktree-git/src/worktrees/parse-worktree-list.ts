import { shownPath, splitNul } from "../git/paths.ts";
import { isOid, type Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";

export interface ListedWorktree {
  readonly path: string;
  /** `undefined` while its branch has no commit. */
  readonly head: Oid | undefined;
  /** `undefined` when HEAD is detached. */
  readonly branch: RefName | undefined;
  readonly bare: boolean;
  /** The reason it was locked with; `undefined` when it is not locked. */
  readonly locked: string | undefined;
  /** git would forget it at the next prune: its folder is gone. */
  readonly prunable: boolean;
}

/** Reads `git worktree list --porcelain -z`. The first one is the main work tree. */
export function parseWorktreeList(output: Buffer): readonly ListedWorktree[] {
  const worktrees: ListedWorktree[] = [];
  let lines: string[] = [];
  for (const part of splitNul(output)) {
    if (part.length > 0) lines.push(shownPath(part));
    else if (lines.length > 0) {
      worktrees.push(parseBlock(lines));
      lines = [];
    }
  }
  if (lines.length > 0) worktrees.push(parseBlock(lines));
  return worktrees;
}

function parseBlock(lines: readonly string[]): ListedWorktree {
  const fieldOf = (key: string): string | undefined => {
    const line = lines.find((each) => each === key || each.startsWith(`${key} `));
    return line === undefined ? undefined : line.slice(key.length + 1);
  };
  const head = fieldOf("HEAD") ?? "";
  return {
    path: fieldOf("worktree") ?? "",
    head: isOid(head) && !/^0+$/.test(head) ? head : undefined,
    branch: fieldOf("branch") as RefName | undefined,
    bare: fieldOf("bare") !== undefined,
    locked: fieldOf("locked"),
    prunable: fieldOf("prunable") !== undefined,
  };
}
