import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { ObjectFormat, Oid } from "../object-id.ts";
import type { GitObject, ObjectReader } from "./object-reader.ts";

type NewObject = GitObject & { readonly type: "blob" | "tree" | "commit" };

/**
 * New objects in memory over those in the repository: made by the hundred, then written as one pack, instead of
 * hundreds of loose files. Nothing but this value sees them until the pack is there.
 */
export interface PendingObjects extends Pick<ObjectReader, "read"> {
  add(type: NewObject["type"], content: Buffer): Oid;
  readonly size: number;
  /** A pack of everything that was added, for `git index-pack --stdin`; forgets them. */
  takePack(): Buffer;
}

export function pendingObjects(reader: ObjectReader, format: ObjectFormat): PendingObjects {
  const added = new Map<string, NewObject>();
  return {
    read: async (name) => added.get(name) ?? reader.read(name),
    add: (type, content) => {
      const oid = hashOf(format, type, content);
      added.set(oid, { oid, type, content });
      return oid;
    },
    get size() {
      return added.size;
    },
    takePack: () => {
      const objects = [...added.values()];
      added.clear();
      return packOf(format, objects);
    },
  };
}

function hashOf(format: ObjectFormat, type: string, content: Buffer): Oid {
  return createHash(format).update(`${type} ${content.length}\0`).update(content).digest("hex") as Oid;
}

const PACK_TYPE = { commit: 1, tree: 2, blob: 3 } as const;

/** git's pack format, version 2: header, objects whole, hash of it all. */
function packOf(format: ObjectFormat, objects: readonly Pick<NewObject, "type" | "content">[]): Buffer {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [header];
  for (const { type, content } of objects) {
    parts.push(objectHeader(PACK_TYPE[type], content.length), deflateSync(content, { level: 1 }));
  }
  const hash = createHash(format);
  for (const part of parts) hash.update(part);
  return Buffer.concat([...parts, hash.digest()]);
}

/** Type in three bits, then the size, low bits first, seven a byte after the first four. */
function objectHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (type << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest & 0x7f;
  }
  return Buffer.from([...bytes, byte]);
}
