import type { World } from "./world.ts";

/** Whether what stands at `path` was changed less than `milliseconds` ago. */
export async function isYoung({ files, clock }: World, path: string, milliseconds: number): Promise<boolean> {
  const stat = await files.stat(path);
  const age = stat === undefined ? Number.NaN : clock.now() - stat.changedAt;
  return age >= 0 && age < milliseconds;
}

/** Whether somebody took this lock just now. One that is older may be an orphan: it must be looked into. */
export function isBeingHeld(world: World, lock: string): Promise<boolean> {
  return isYoung(world, lock, world.limits.heldMs);
}
