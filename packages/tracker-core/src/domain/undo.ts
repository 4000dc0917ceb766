import type { IsoTime, LaneId } from "@orchard/kernel";
import type { RecordedProcess } from "./attempt.ts";
import type { LandingEvidence, Lane, WorkTakenOut } from "./lane.ts";

/** One part of taking operations back. */
export type UndoStep =
  /** The lane is again what it was; `null`: there was none. `from`: what it was when that was planned. */
  | { readonly kind: "putBack"; readonly lane: LaneId; readonly to: Lane | null; readonly from?: Lane | null }
  | { readonly kind: "unland"; readonly lane: LaneId; readonly head: string; readonly commit: string }
  | {
      readonly kind: "reland";
      readonly lane: LaneId;
      readonly head: string;
      readonly commit: string;
      readonly verified: boolean;
      /** What spoke for that commit when it landed. */
      readonly evidence?: LandingEvidence | undefined;
    }
  | { readonly kind: "restore"; readonly lane: LaneId; readonly number: number; readonly path: string }
  | { readonly kind: "setAside"; readonly lane: LaneId; readonly path: string };

/** How what has landed moves when a landing is taken back, or comes again. */
export interface UndoLanding {
  /** `rewind`: back to where it was. `revert`: on to a commit that takes it back. `forward`: back to what was rewound. */
  readonly how: "rewind" | "revert" | "forward";
  readonly from: string;
  readonly to: string;
  /** Where the base branch stood that goes back with it. */
  readonly base?: string | undefined;
}

/** What is to be done to take operations back; on record before its first step, until after its last. */
export interface UndoPlan {
  /** The operation that takes back. */
  readonly id: string;
  readonly operations: readonly string[];
  readonly owner: RecordedProcess;
  readonly steps: readonly UndoStep[];
  readonly landing?: UndoLanding | undefined;
}

/** A landing that was taken back; its commits may still stand in the history of others. */
export interface UndoneLanding {
  readonly lane: LaneId;
  readonly head: string;
  readonly commit: string;
  readonly how: "rewind" | "revert";
  /** The commit that the lane's own work starts after. */
  readonly start?: string | undefined;
  /** Finished tasks of the lane, with the commits that prove them. */
  readonly tasks: readonly WorkTakenOut[];
  readonly at: IsoTime;
}

/** The newest landing of a lane that was taken back. */
export function undoneLandingOf(
  { undone = [] }: { readonly undone?: readonly UndoneLanding[] | undefined },
  lane: string,
): UndoneLanding | undefined {
  return undone.findLast((one) => one.lane === lane);
}
