import { lstat } from "node:fs/promises";

/** Whether something stands at a path, a link that leads nowhere too. */
export async function isThere(path: string | Buffer): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
