import { splitNul } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";

/** The paths that each commit changed against a parent, as bytes in latin1: for comparing only. One call. */
export async function touchedPaths(
  repo: Repository,
  commits: readonly Oid[],
): Promise<ReadonlyMap<Oid, ReadonlySet<string>>> {
  const touched = new Map<Oid, Set<string>>(commits.map((commit) => [commit, new Set()]));
  if (commits.length === 0) return touched;
  const { stdout } = await repo.door.inHub({
    command: "diff-tree",
    options: ["--stdin", "--always", "--root", "-m", "-r", "-z", "--raw", "--no-renames"],
    stdin: `${commits.join("\n")}\n`,
    limitMs: 300_000,
  });
  let paths: Set<string> | undefined;
  let isPath = false;
  for (const part of splitNul(stdout)) {
    const text = part.toString("latin1");
    if (isPath) paths?.add(text);
    else paths = touched.get(text.trim() as Oid) ?? paths;
    isPath = !isPath && text.startsWith(":");
  }
  return touched;
}
