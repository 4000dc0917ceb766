import type { TreeEntry } from "./tree-attributes.ts";

/** A tree object: entries in git's order, which reads a folder's name with a slash behind it. */
export function treeContent(entries: readonly TreeEntry[]): Buffer {
  const sorted = entries.map((entry) => ({
    entry,
    key: isTree(entry) ? Buffer.concat([entry.name, SLASH]) : entry.name,
  }));
  sorted.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ entry }) => [Buffer.from(`${entry.mode} `), entry.name, NUL, Buffer.from(entry.oid, "hex")]),
  );
}

export function isTree({ mode }: Pick<TreeEntry, "mode">): boolean {
  return mode === "40000";
}

const SLASH = Buffer.from("/");
const NUL = Buffer.from([0]);
