import { availableParallelism } from "node:os";
import { attributesFolder } from "../hub/hub-folder.ts";
import { type ConflictedFile, parseMergeTrees } from "../hub/parse-merge-tree.ts";
import { type AttributesMemo, treeAttributes } from "../hub/tree-attributes.ts";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import type { ScratchObjects } from "./scratch-objects.ts";

export interface Pair {
  readonly ours: Oid;
  readonly theirs: Oid;
}

/**
 * Merges every pair as the hub does, with the attributes of `ours`, many to a process: the files in conflict, none where it
 * merges. In the order of the pairs. All must have a common ancestor.
 */
export async function mergePairs(
  repo: Repository,
  objects: ScratchObjects,
  pairs: readonly Pair[],
): Promise<readonly (readonly ConflictedFile[])[]> {
  if (pairs.length === 0) return [];
  const folders = await attributesOf(objects, pairs);
  const answers = new Map<Pair, readonly ConflictedFile[]>();
  const batches = [...Map.groupBy(pairs, ({ ours }) => folders.get(ours)!)].flatMap(([folder, group]) =>
    inParts(group).map((part) => ({ folder, part })),
  );
  await Promise.all(
    batches.map(async ({ folder, part }) => {
      const found = await mergeBatch(repo, objects, folder, part);
      for (const [index, pair] of part.entries()) answers.set(pair, found[index] ?? []);
    }),
  );
  return pairs.map((pair) => answers.get(pair) ?? []);
}

async function attributesOf(
  { place, reader }: ScratchObjects,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<Oid, string>> {
  const memo: AttributesMemo = new Map();
  const folders = new Map<Oid, string>();
  for (const ours of new Set(pairs.map((pair) => pair.ours))) {
    const tree = await reader.read(`${ours}^{tree}`);
    const files = tree === undefined ? [] : await treeAttributes(reader, tree.oid, memo);
    folders.set(ours, await attributesFolder(place.cwd, files));
  }
  return folders;
}

/** Too few pairs are not worth a second process. */
const FEWEST = 32;

function inParts(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const parts = Math.max(1, Math.min(4, availableParallelism(), Math.floor(pairs.length / FEWEST)));
  const size = Math.ceil(pairs.length / parts);
  return Array.from({ length: parts }, (_, part) => pairs.slice(part * size, (part + 1) * size));
}

async function mergeBatch(
  repo: Repository,
  { variables }: ScratchObjects,
  workTree: string,
  pairs: readonly Pair[],
): Promise<readonly (readonly ConflictedFile[])[]> {
  const { stdout } = await repo.door.inHub({
    command: "merge-tree",
    options: ["--write-tree", "--stdin"],
    stdin: pairs.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join(""),
    workTree,
    variables,
    durable: false,
    limitMs: 600_000,
  });
  return parseMergeTrees(stdout).map((answer) => (answer === "merged" ? [] : answer.files));
}
