import type { IsoTime, LaneId } from "@orchard/kernel";
import type { LandingEvidence, Lane, UndoPlan } from "@orchard/tracker-core";

/** What one command recorded. */
export interface Operation {
  /** The command and a random part: `merge-3f9a1c2b`. */
  readonly id: string;
  readonly command: string;
  readonly by: string;
  readonly at: IsoTime;
  readonly until: IsoTime;
  readonly firstSeq: number;
  readonly records: number;
  /** What it was about, one sentence for each record; the first few. */
  readonly said: readonly string[];
  readonly changes: OperationChanges;
  /** The operation that took it back and was not taken back itself. */
  readonly undoneBy?: string | undefined;
  /** What it takes back itself, once that was done. */
  readonly undoes?: UndoPlan | undefined;
  /** Its process is at work, and may record more of it. */
  readonly isRunning: boolean;
}

export interface ChangedLane {
  readonly before: Lane | null;
  readonly after: Lane | null;
}

export interface LandedLane {
  readonly lane: LaneId;
  readonly head: string;
  readonly commit: string;
  readonly verified: boolean;
  readonly evidence?: LandingEvidence | undefined;
}

/** What an operation made of the tracker, as far as it could be taken back. */
export interface OperationChanges {
  /** Lanes that were added, defined anew, withdrawn, retried, kept from starting or put back. */
  readonly lanes: ReadonlyMap<LaneId, ChangedLane>;
  readonly landed: readonly LandedLane[];
  /** Landings that it took back, with the move of what has landed. */
  readonly unlanded: readonly LandedLane[];
  readonly removed: readonly { readonly lane: LaneId; readonly number: number; readonly path: string }[];
  readonly restored: readonly { readonly lane: LaneId; readonly path: string }[];
  /** Lanes that it made a worktree for: what it set aside of them made way for that one, and stays aside. */
  readonly prepared: ReadonlySet<LaneId>;
  /** Lanes in which an agent worked. */
  readonly worked: ReadonlySet<LaneId>;
  /** Other things that it did and that stay. */
  readonly other: ReadonlySet<"init" | "reset" | "config" | "base" | "layer" | "tasks" | "resolve">;
}

/** How long the command's name in an operation's id may be. */
export function newOperationId(command: string, token: string): string {
  const name = command.replaceAll(/[^a-z-]/g, "").slice(0, 24);
  return `${name === "" ? "command" : name}-${token.slice(0, 8)}`;
}
