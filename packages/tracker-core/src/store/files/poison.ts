import { isSystemError } from "@orchard/kernel";
import { poisonOf } from "./segment.ts";
import type { World } from "./world.ts";

/**
 * Marks a segment of which a sync failed, whoever tried it: the kernel calls its pages clean now, and a later sync would
 * succeed on top of a hole. Throws the system's error when the mark cannot be made.
 */
export async function poison({ files, rules }: World, path: string): Promise<void> {
  await rules.poison(async () => {
    const mark = poisonOf(path);
    if ((await files.stat(mark)) !== undefined) return;
    try {
      await (await files.open(mark, "create")).close();
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw error;
    }
  });
}
