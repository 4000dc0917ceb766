import { shownPath, splitNul } from "../git/paths.ts";
import { isOid, type Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";

export interface ParsedStatus {
  readonly head: Oid | undefined;
  readonly branch: RefName | undefined;
  readonly staged: readonly string[];
  readonly unstaged: readonly string[];
  readonly conflicted: readonly string[];
  readonly untracked: readonly string[];
  /** Of `unstaged`, the submodules whose own checkout differs. */
  readonly submodules: readonly string[];
  /** All of these but `submodules`, byte for byte: the lists above are for people and for comparing. */
  readonly names: readonly Buffer[];
}

/** Reads `git status --porcelain=v2 --branch -z --no-renames`. */
export function parseStatus(output: Buffer): ParsedStatus {
  let head: Oid | undefined;
  let branch: RefName | undefined;
  const staged: string[] = [];
  const unstaged: string[] = [];
  const conflicted: string[] = [];
  const untracked: string[] = [];
  const submodules: string[] = [];
  const names: Buffer[] = [];
  for (const entry of splitNul(output)) {
    const line = shownPath(entry);
    if (line.startsWith("# branch.oid ")) head = isOid(line.slice(13)) ? (line.slice(13) as Oid) : undefined;
    else if (line.startsWith("# branch.head ")) branch = branchOf(line.slice(14));
    const fields = FIELDS[line.slice(0, 2)];
    if (fields === undefined) continue;
    const name = afterFields(entry, fields);
    const path = shownPath(name);
    if (line.startsWith("? ")) untracked.push(path);
    else if (line.startsWith("u ")) conflicted.push(path);
    else {
      if (line[2] !== ".") staged.push(path);
      if (line[3] !== ".") unstaged.push(path);
      if (line[3] !== "." && line[5] === "S") submodules.push(path);
    }
    if (submodules.at(-1) !== path) names.push(name);
  }
  return { head, branch, staged, unstaged, conflicted, untracked, submodules, names };
}

/** How many fields stand before the path, by how its line begins. */
const FIELDS: Readonly<Record<string, number>> = { "? ": 1, "u ": 10, "1 ": 8 };

function branchOf(name: string): RefName | undefined {
  return name === "(detached)" ? undefined : (`refs/heads/${name}` as RefName);
}

/** What follows the first `count` space-separated fields; the path may hold spaces. */
function afterFields(line: Buffer, count: number): Buffer {
  let at = 0;
  for (let field = 0; field < count; field += 1) at = line.indexOf(" ", at) + 1;
  return line.subarray(at);
}
