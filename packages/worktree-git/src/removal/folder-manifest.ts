import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** Everything below a folder, by relative path (latin1, so that every byte of a name counts). */
export type FolderManifest = ReadonlyMap<string, ManifestEntry>;

export interface ManifestEntry {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Whole ms since 1970; 0 for folders and links. */
  readonly changedAt: number;
  /** SHA-256 of a file's bytes; the target of a link. */
  readonly content: string;
}

/** Reads every byte below `root`. Links are recorded, not followed; names need not be UTF-8. */
export async function folderManifest(root: string): Promise<FolderManifest> {
  const entries = new Map<string, ManifestEntry>();
  const queue: Buffer[] = [Buffer.alloc(0)];
  for (let below = queue.pop(); below !== undefined; below = queue.pop()) {
    const path = joined(Buffer.from(root), below);
    const entry = await readEntry(path);
    entries.set(below.toString("latin1"), entry);
    if (entry.kind !== "folder") continue;
    for (const name of await readdir(path, { encoding: "buffer" })) queue.push(joined(below, name));
  }
  return entries;
}

export function sameManifest(a: FolderManifest, b: FolderManifest): boolean {
  return a.size === b.size && differences(a, b).length === 0;
}

/** The relative paths that are not the same in both. */
export function differences(a: FolderManifest, b: FolderManifest): readonly string[] {
  const paths = new Set([...a.keys(), ...b.keys()]);
  return [...paths].filter((path) => JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path))).sort();
}

async function readEntry(path: Buffer): Promise<ManifestEntry> {
  const stat = await lstat(path);
  const mode = stat.mode & 0o7777;
  if (stat.isDirectory()) return { kind: "folder", mode, size: 0, changedAt: 0, content: "" };
  if (stat.isSymbolicLink()) {
    const target = await readlink(path, { encoding: "buffer" });
    return { kind: "link", mode: 0, size: 0, changedAt: 0, content: target.toString("latin1") };
  }
  if (!stat.isFile()) return { kind: "other", mode, size: 0, changedAt: 0, content: String(stat.mode & 0o170000) };
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { kind: "file", mode, size: stat.size, changedAt: Math.floor(stat.mtimeMs), content: hash.digest("hex") };
}

function joined(folder: Buffer, name: Buffer): Buffer {
  if (folder.length === 0) return name;
  return name.length === 0 ? folder : Buffer.concat([folder, Buffer.from("/"), name]);
}
