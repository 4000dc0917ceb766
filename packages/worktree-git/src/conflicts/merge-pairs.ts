import { availableParallelism } from "node:os";
import { isOrchardError } from "@orchard/kernel";
import { attributesFolder } from "../hub/hub-folder.ts";
import { type ConflictedFile, parseMergeTrees } from "../hub/parse-merge-tree.ts";
import { type AttributesMemo, treeAttributes } from "../hub/tree-attributes.ts";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import { type MemoryFolder, memoryFolder, PAGE } from "./memory-folder.ts";
import { type ScratchObjects, writingInto } from "./scratch-objects.ts";

export interface Pair {
  readonly ours: Oid;
  readonly theirs: Oid;
}

/** A pair to merge. */
export interface OpenPair extends Pair {
  /** The tree whose attributes are those of `ours`: its own, or that of the base where it changed none. */
  readonly attributes: Oid;
  /** No more files and folders than this come out of the merge, as far as is known. */
  readonly size: number;
}

/**
 * Merges every pair as the hub does, with the attributes of `ours`, many to a process: the files in conflict, none where it
 * merges. In the order of the pairs. All must have a common ancestor.
 */
export async function mergePairs(
  repo: Repository,
  objects: ScratchObjects,
  pairs: readonly OpenPair[],
): Promise<readonly (readonly ConflictedFile[])[]> {
  if (pairs.length === 0) return [];
  const folders = await attributesOf(objects, pairs);
  const answers = new Map<Pair, readonly ConflictedFile[]>();
  const bytes = pairs.reduce((sum, { size }) => sum + size * PAGE, 0);
  await using memory = await memoryFolder(bytes, repo.clock.now());
  const batches = [...Map.groupBy(pairs, ({ attributes }) => folders.get(attributes)!)].flatMap(([folder, group]) =>
    inParts(group).map((part) => ({ folder, part })),
  );
  await Promise.all(
    batches.map(async ({ folder, part }) => {
      const found = await mergeBatch(repo, objects, { workTree: folder, memory }, part);
      for (const [index, pair] of part.entries()) answers.set(pair, found[index] ?? []);
    }),
  );
  return pairs.map((pair) => answers.get(pair) ?? []);
}

async function attributesOf(
  { place, reader }: ScratchObjects,
  pairs: readonly OpenPair[],
): Promise<ReadonlyMap<Oid, string>> {
  const memo: AttributesMemo = new Map();
  const folders = new Map<Oid, string>();
  for (const tree of new Set(pairs.map(({ attributes }) => attributes)))
    folders.set(tree, await attributesFolder(place.cwd, await treeAttributes(reader, tree, memo)));
  return folders;
}

/** Fewer pairs are not worth a process of their own: starting one takes as long as four merges. */
const FEWEST = 12;

function inParts(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const parts = Math.max(1, Math.min(4, availableParallelism(), Math.floor(pairs.length / FEWEST)));
  const size = Math.ceil(pairs.length / parts);
  return Array.from({ length: parts }, (_, part) => pairs.slice(part * size, (part + 1) * size));
}

interface BatchPlace {
  readonly workTree: string;
  readonly memory: MemoryFolder | undefined;
}

/** In memory if there is room, and on the disk when that turned out not to be enough. */
async function mergeBatch(
  repo: Repository,
  objects: ScratchObjects,
  { workTree, memory }: BatchPlace,
  pairs: readonly Pair[],
): Promise<readonly (readonly ConflictedFile[])[]> {
  const run = async (variables: Readonly<Record<string, string>>) => {
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
  };
  if (memory === undefined) return run(objects.variables);
  try {
    return await run(writingInto(memory.path, objects));
  } catch (error) {
    if (!isOrchardError(error, "GIT_FAILED")) throw error;
    return run(objects.variables);
  }
}
