import { join } from "node:path";
import type { Json } from "@orchard/kernel";
import type { Tracker, TrackerDecision } from "@orchard/tracker-core";
import type { Orchard } from "./open-orchard.ts";
import { record } from "./record.ts";

/** Whoever changes the world and records it: the driver, or a command that works beside it. */
export interface Worker {
  readonly orchard: Orchard;
  /** The worktree in which it verifies combined trees; one who works beside the driver has another. */
  readonly scratch: string;
  /** Aborts when the person interrupts. */
  readonly interrupted: AbortSignal;
  record<Outcome extends Json>(
    describe: string,
    decide: (tracker: Tracker) => TrackerDecision<Outcome>,
  ): Promise<Outcome>;
}

/** A worker that no driver's epoch fences, for commands that work beside one. */
export function besideDriver(orchard: Orchard, interrupted: AbortSignal): Worker {
  return {
    orchard,
    scratch: join(orchard.place.worktreesDir, "verify-beside"),
    interrupted,
    record: async (describe, decide) => (await record(orchard, describe, decide)).outcome,
  };
}
