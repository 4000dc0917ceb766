import { statfs } from "node:fs/promises";

/** Free bytes that this user may fill on the disk of `folder`. */
export async function freeDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
