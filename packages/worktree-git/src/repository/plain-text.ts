import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Of a larger file its end is read: the newest lines of a reflog. */
const LARGEST_READ = 64 << 20;

/** A link is not followed, and nothing is waited for. */
const PLAINLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The text of a small file of git's; empty where there is none, or what stands there is no plain file. A pipe or a link to
 * a device that somebody put there is not read: it would never end.
 */
export async function plainText(path: string, encoding: "utf8" | "latin1" = "utf8"): Promise<string> {
  try {
    await using file = await open(path, PLAINLY);
    const stat = await file.stat();
    if (!stat.isFile()) return "";
    const length = Math.min(stat.size, LARGEST_READ);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, stat.size - length);
    return buffer.toString(encoding, 0, bytesRead);
  } catch {
    return "";
  }
}
