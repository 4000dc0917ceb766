import type { Oid } from "../object-id.ts";
import { parseRaw, type RawChange } from "../repository/history.ts";
import type { Repository } from "../repository/repository.ts";

/** Every path that differs between two commits, with modes and ids. */
export async function changesBetween(repo: Repository, from: Oid, to: Oid): Promise<readonly RawChange[]> {
  const options = ["-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--full-index"];
  return parseRaw((await repo.door.inHub({ command: "diff-tree", options, values: [from, to] })).stdout);
}
