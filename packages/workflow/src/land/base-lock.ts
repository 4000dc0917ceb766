import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Orchard } from "../orchard/open-orchard.ts";

/** Longer than a checkout of many files takes. */
const WAIT_MS = 120_000;

/**
 * One at a time moves the base branch after what has landed, or both back: who has read the one must not move the other
 * once it went elsewhere. It orders; what holds is compare-and-swap. Throws `LOCK_TIMEOUT`.
 */
export async function underBaseLock<Result>(
  { place, ports }: Orchard,
  command: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const folder = join(place.stateDir, "locks");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await using _held = await ports.locks.take(join(folder, "base.lock"), { command, waitMs: WAIT_MS });
  return await work();
}
