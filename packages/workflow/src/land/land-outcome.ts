import type { LaneId } from "@orchard/kernel";
import { type Conflict, type LandingStep, landStep } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";

export type LandOutcome =
  | { readonly kind: "landed"; readonly commit: string; readonly verified: boolean; readonly onRedBase?: true }
  | { readonly kind: "conflicted"; readonly conflict: Conflict }
  | { readonly kind: "rejected"; readonly reason: string }
  /** `isConflict`: for a person who resolves it. */
  | { readonly kind: "waits"; readonly reason: string; readonly isConflict?: true }
  /** It was tried again or landed meanwhile; nothing was moved. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "interrupted" };

/** What a person allows beyond what is safe by itself. */
export interface LandOptions {
  /** On a base that is red already a lane lands when it adds no failure. */
  readonly allowRedBase?: boolean | undefined;
  /** Lanes that may take back what others have landed. */
  readonly acceptReverts?: readonly LaneId[] | undefined;
}

/** Why a lane waits whose verified merge is no longer on top of what has landed: it is tried again. */
export const ANOTHER_FIRST = "another landing came first";

export const OVERTAKEN = { kind: "overtaken" } as const;

/** Records a step of a landing; false: the lane is no longer done with just that commit. */
export async function stepped(driver: Driver, describe: string, step: LandingStep): Promise<boolean> {
  return (await driver.record(describe, (tracker) => landStep(tracker, step))) === "recorded";
}
