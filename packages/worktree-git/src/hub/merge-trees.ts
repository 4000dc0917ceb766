import type { PendingObjects } from "../git/pending-objects.ts";
import type { Oid } from "../object-id.ts";
import { parseTree, type TreeEntry } from "./tree-attributes.ts";
import { isTree, treeContent } from "./tree-content.ts";

/** Merges trees of one batch; it remembers what it read and compared. */
export interface TreeMerger {
  /**
   * The merged tree, where git's own merge could come to no other result: no path is gone or of another kind on
   * either side (so there is nothing that could have been renamed), and no file changed on both. Else `undefined`:
   * git must decide.
   */
  merge(base: Oid, ours: Oid, theirs: Oid): Promise<Oid | undefined>;
}

export function treeMerger(objects: PendingObjects): TreeMerger {
  const trees = new Map<Oid, ReadonlyMap<string, TreeEntry>>();
  const grown = new Map<string, Promise<boolean>>();

  const read = async (tree: Oid | undefined): Promise<ReadonlyMap<string, TreeEntry>> => {
    if (tree === undefined) return NOTHING;
    const known = trees.get(tree);
    if (known !== undefined) return known;
    const content = (await objects.read(tree))?.content ?? Buffer.alloc(0);
    const entries = new Map(parseTree(content, tree.length / 2).map((entry) => [entry.name.toString("latin1"), entry]));
    trees.set(tree, entries);
    return entries;
  };

  const hasGrown = (base: Oid, side: Oid): Promise<boolean> => {
    if (base === side) return Promise.resolve(true);
    const key = base + side;
    const known = grown.get(key) ?? compare(base, side);
    grown.set(key, known);
    return known;
  };

  const compare = async (base: Oid, side: Oid): Promise<boolean> => {
    const [before, after] = [await read(base), await read(side)];
    for (const [name, entry] of before) {
      const now = after.get(name);
      if (now === undefined || kindOf(now) !== kindOf(entry)) return false;
      if (isTree(entry) && !(await hasGrown(entry.oid, now.oid))) return false;
    }
    return true;
  };

  const mergeInto = async (base: Oid | undefined, ours: Oid, theirs: Oid): Promise<Oid | undefined> => {
    if (ours === theirs || theirs === base) return ours;
    if (ours === base) return theirs;
    const [was, our, their] = [await read(base), await read(ours), await read(theirs)];
    const merged = new Map(our);
    for (const [name, entry] of their) {
      const chosen = await mergeEntry(was.get(name), our.get(name), entry);
      if (chosen === undefined) return undefined;
      merged.set(name, chosen);
    }
    const tree = objects.add("tree", treeContent([...merged.values()]));
    trees.set(tree, merged);
    return tree;
  };

  const mergeEntry = async (
    was: TreeEntry | undefined,
    our: TreeEntry | undefined,
    their: TreeEntry,
  ): Promise<TreeEntry | undefined> => {
    if (our === undefined || same(was, our)) return their;
    if (same(our, their) || same(was, their)) return our;
    if (!isTree(our) || !isTree(their) || (was !== undefined && !isTree(was))) return undefined;
    const oid = await mergeInto(was?.oid, our.oid, their.oid);
    return oid === undefined ? undefined : { ...our, oid };
  };

  return {
    async merge(base, ours, theirs) {
      if (!(await hasGrown(base, ours)) || !(await hasGrown(base, theirs))) return undefined;
      return mergeInto(base, ours, theirs);
    },
  };
}

const NOTHING: ReadonlyMap<string, TreeEntry> = new Map();

/** Folder, link, submodule or file; whether a file may be run is not its kind. */
function kindOf({ mode }: TreeEntry): string {
  return mode.startsWith("100") ? "file" : mode;
}

function same(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a !== undefined && b !== undefined && a.oid === b.oid && a.mode === b.mode;
}
