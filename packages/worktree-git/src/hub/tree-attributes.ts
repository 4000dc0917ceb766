import { isUtf8 } from "node:buffer";
import type { ObjectReader } from "../git/object-reader.ts";
import type { Oid } from "../object-id.ts";

export interface TreeEntry {
  readonly mode: string;
  readonly name: Buffer;
  readonly oid: Oid;
}

export interface AttributesFile {
  readonly path: string;
  readonly content: Buffer;
}

/** Every `.gitattributes` file of a tree, sub-folders too. Trees seen before are not read again. */
export async function treeAttributes(reader: ObjectReader, tree: Oid, seen: AttributesMemo): Promise<AttributesFile[]> {
  const known = seen.get(tree);
  if (known !== undefined) return known;
  const object = await reader.read(tree);
  const parts = parseTree(object?.content ?? Buffer.alloc(0), tree.length / 2).map((entry) =>
    ofEntry(reader, entry, seen),
  );
  const found = (await Promise.all(parts)).flat();
  seen.set(tree, found.length === 0 ? NONE : found);
  return found;
}

async function ofEntry(
  reader: ObjectReader,
  { mode, name, oid }: TreeEntry,
  seen: AttributesMemo,
): Promise<AttributesFile[]> {
  if (mode === "40000" && isUtf8(name)) {
    const below = await treeAttributes(reader, oid, seen);
    return below.map(({ path, content }) => ({ path: `${name.toString()}/${path}`, content }));
  }
  if (!mode.startsWith("100") || !name.equals(ATTRIBUTES)) return NONE;
  const blob = await reader.read(oid);
  return blob?.type === "blob" ? [{ path: ".gitattributes", content: blob.content }] : NONE;
}

export type AttributesMemo = Map<Oid, AttributesFile[]>;

const ATTRIBUTES = Buffer.from(".gitattributes");
const NONE: AttributesFile[] = [];

/** The entries of a tree object: `mode SP name NUL id`. */
export function parseTree(bytes: Buffer, idBytes: number): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space);
    if (space === -1 || nul === -1) break;
    const next = nul + 1 + idBytes;
    entries.push({
      mode: bytes.toString("latin1", at, space),
      name: bytes.subarray(space + 1, nul),
      oid: bytes.toString("hex", nul + 1, next) as Oid,
    });
    at = next;
  }
  return entries;
}
