import { isUtf8 } from "node:buffer";
import { joinNul, splitNul } from "../git/paths.ts";
import type { Repository } from "../repository/repository.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";

const ATTRIBUTES = ["linguist-vendored", "linguist-generated"];
const LIMIT_MS = 300_000;

/**
 * Of the tracked files of a worktree those that the repository itself calls not its own work: tracked though a `.gitignore`
 * of its names them, or marked `linguist-vendored` or `linguist-generated`. Settings of the person count for nothing.
 */
export async function foreignFiles(
  repo: Repository,
  worktree: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const place = await requireWorktree(repo, worktree);
  const [ignored, marked] = await Promise.all([
    repo.door.inWorktree(place, {
      command: "ls-files",
      options: ["-z", "--cached", "--ignored", "--exclude-per-directory=.gitignore"],
      limitMs: LIMIT_MS,
    }),
    repo.door.inWorktree(place, {
      command: "check-attr",
      options: ["-z", "--stdin", ...ATTRIBUTES],
      stdin: joinNul(paths),
      limitMs: LIMIT_MS,
    }),
  ]);
  const tracked = splitNul(ignored.stdout).flatMap((name) => (isUtf8(name) ? [name.toString("utf8")] : []));
  return new Set([...tracked, ...markedIn(splitNul(marked.stdout))]);
}

/** `path`, `attribute`, `value` in turn. */
function markedIn(parts: readonly Buffer[]): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const value = parts[at + 2]?.toString("latin1") ?? "";
    if (value === "set" || value === "true") found.push(parts[at]?.toString("utf8") ?? "");
  }
  return found;
}
