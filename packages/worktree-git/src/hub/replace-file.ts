import type { PendingObjects } from "../git/pending-objects.ts";
import type { Oid } from "../object-id.ts";
import { parseTree, type TreeEntry } from "./tree-attributes.ts";
import { treeContent } from "./tree-content.ts";

export interface FileReplacement {
  /** A tree, or a commit. */
  readonly tree: Oid;
  /** Slashes between its parts. */
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * The tree with one file's content replaced; its mode stays, and so does every other entry. `undefined` when the path
 * is no file there: a folder, a link, or nothing.
 */
export async function replaceFile(
  objects: PendingObjects,
  { tree, path, content }: FileReplacement,
): Promise<Oid | undefined> {
  const [name = "", ...below] = path.split("/");
  const entries = await entriesOf(objects, tree);
  const entry = entries.find((one) => one.name.equals(Buffer.from(name)));
  if (entry === undefined) return undefined;
  const oid = await replaced(objects, entry, { below, content });
  if (oid === undefined) return undefined;
  return objects.add("tree", treeContent(entries.map((one) => (one === entry ? { ...entry, oid } : one))));
}

async function replaced(
  objects: PendingObjects,
  { mode, oid }: TreeEntry,
  { below, content }: { readonly below: readonly string[]; readonly content: Uint8Array },
): Promise<Oid | undefined> {
  if (below.length > 0) {
    return mode === "40000" ? replaceFile(objects, { tree: oid, path: below.join("/"), content }) : undefined;
  }
  return mode.startsWith("100") ? objects.add("blob", Buffer.from(content)) : undefined;
}

async function entriesOf(objects: Pick<PendingObjects, "read">, tree: Oid): Promise<readonly TreeEntry[]> {
  const object = await objects.read(tree);
  return parseTree(object?.content ?? Buffer.alloc(0), tree.length / 2);
}

/** What stands at `path` in a tree. */
export async function entryAt(
  objects: Pick<PendingObjects, "read">,
  tree: Oid,
  path: string,
): Promise<TreeEntry | undefined> {
  const [name = "", ...below] = path.split("/");
  const entry = (await entriesOf(objects, tree)).find((one) => one.name.equals(Buffer.from(name)));
  if (entry === undefined || below.length === 0) return entry;
  return entry.mode === "40000" ? entryAt(objects, entry.oid, below.join("/")) : undefined;
}
