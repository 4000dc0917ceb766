import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes that a folder or file takes on the disk, each file with several names once; 0 when it is not there. Links are not followed. */
export async function diskUsed(path: string): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  const queue = [Buffer.from(path)];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const here = next;
    const stat = await lstat(here).catch(() => undefined);
    if (stat === undefined) continue;
    const name = `${stat.dev} ${stat.ino}`;
    if (stat.nlink > 1 && !stat.isDirectory() && seen.has(name)) continue;
    seen.add(name);
    bytes += stat.blocks * 512;
    if (!stat.isDirectory()) continue;
    const names = await readdir(here, { encoding: "buffer" }).catch(() => []);
    for (const each of names) queue.push(Buffer.concat([here, SLASH, each]));
  }
  return bytes;
}

const SLASH = Buffer.from("/");

/** {@link diskUsed} of each part of the state folder that can grow. */
export async function diskUsedBy(folder: string, parts: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const used = await Promise.all(parts.map(async (part) => [part, await diskUsed(join(folder, part))] as const));
  return Object.fromEntries(used);
}
