import type { Worker } from "../orchard/worker.ts";
import { bringBaseIn } from "./bring-base-in.ts";
import { type Followed, followBase } from "./follow-base.ts";
import type { LandOptions } from "./land-outcome.ts";

/** Brings the base branch's own commits into what has landed (verified), then lets the branch follow. Throws `RED_BASE`. */
export async function synchronise(worker: Worker, options: LandOptions = {}): Promise<Followed> {
  await bringBaseIn(worker, options);
  return followBase(worker);
}

/** What every command that writes does at its end: when the base branch was left behind, it tries again. */
export async function followIfBehind(worker: Worker): Promise<Followed | undefined> {
  const { home, base } = await worker.orchard.tracker();
  return home === undefined || base.behind === undefined ? undefined : followBase(worker);
}
