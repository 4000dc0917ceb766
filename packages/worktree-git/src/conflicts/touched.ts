import type { Oid } from "../object-id.ts";
import { parseRaw } from "../repository/history.ts";
import type { Repository } from "../repository/repository.ts";
import type { ScratchObjects } from "./scratch-objects.ts";

/** What one side changed; paths as bytes in latin1, for comparing only. */
export interface Touched {
  readonly paths: ReadonlySet<string>;
  /** Every folder above one of them. */
  readonly folders: ReadonlySet<string>;
  readonly adds: boolean;
  /** It deletes and adds: git may see a file, or a whole folder, that moved. */
  readonly mayMove: boolean;
  /** It changes a file that says how others are merged. */
  readonly attributes: boolean;
}

/** What differs between each two trees, read in one call; one for each pair, in the same order. */
export async function touchedBetween(
  repo: Repository,
  { variables }: ScratchObjects,
  pairs: readonly (readonly [from: Oid, to: Oid])[],
): Promise<readonly Touched[]> {
  if (pairs.length === 0) return [];
  const { stdout } = await repo.door.inHub({
    command: "diff-tree",
    options: ["--stdin", "-r", "-z", "--raw", "--no-renames"],
    stdin: pairs.map(([from, to]) => `${from} ${to}\n`).join(""),
    variables,
    limitMs: 300_000,
  });
  return sections(stdout, pairs).map(touched);
}

/** Each pair's part begins with the line that was asked, and nothing else does: changes begin with a colon. */
function sections(output: Buffer, pairs: readonly (readonly [Oid, Oid])[]): readonly Buffer[] {
  let at = 0;
  return pairs.map(([from, to], index) => {
    const start = at + from.length + to.length + 2;
    const next = pairs[index + 1];
    const end = next === undefined ? output.length : output.indexOf(`${next[0]} ${next[1]}\n`, start, "latin1");
    at = end;
    return output.subarray(start, end);
  });
}

function touched(raw: Buffer): Touched {
  const paths = new Set<string>();
  const folders = new Set<string>();
  const kinds = new Set<string>();
  for (const { path, status } of parseRaw(raw)) {
    const name = path.toString("latin1");
    paths.add(name);
    kinds.add(status);
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) {
      const folder = name.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return {
    paths,
    folders,
    adds: kinds.has("added"),
    mayMove: kinds.has("added") && kinds.has("deleted"),
    attributes: [...paths].some((path) => ATTRIBUTES.test(path)),
  };
}

const ATTRIBUTES = /(?:^|\/)\.gitattributes$/;

/**
 * Whether a merge of two sides with the same base could come out other than clean: they share a path, one has a file where
 * the other has a folder, or one moved files while the other added some (which git would let follow a moved folder).
 */
export function mayConflict(a: Touched, b: Touched): boolean {
  if (a.paths.size > b.paths.size) return mayConflict(b, a);
  if ((a.mayMove && b.adds) || (b.mayMove && a.adds)) return true;
  for (const path of a.paths) if (b.paths.has(path) || b.folders.has(path)) return true;
  for (const folder of a.folders) if (b.paths.has(folder)) return true;
  return false;
}
