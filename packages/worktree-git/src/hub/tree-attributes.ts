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
  const found: AttributesFile[] = [];
  for (const { mode, name, oid } of parseTree((await reader.read(tree))?.content ?? Buffer.alloc(0), tree.length / 2)) {
    if (mode === "40000") {
      for (const { path, content } of await treeAttributes(reader, oid, seen)) {
        if (isUtf8(name)) found.push({ path: `${name.toString()}/${path}`, content });
      }
    } else if (mode.startsWith("100") && name.equals(ATTRIBUTES)) {
      const blob = await reader.read(oid);
      if (blob?.type === "blob") found.push({ path: ".gitattributes", content: blob.content });
    }
  }
  seen.set(tree, found.length === 0 ? NONE : found);
  return found;
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
