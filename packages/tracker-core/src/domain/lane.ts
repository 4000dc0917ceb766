import type { IsoTime, LaneId } from "@orchard/kernel";
import type { Attempt } from "./attempt.ts";
import type { Receipt } from "./receipt.ts";

/** A program with its arguments, or a line that `sh -c` gets unchanged. */
export type Command = string | readonly string[];
/** How important a lane is by itself, the lanes that wait for it not counted. */
export type Priority = "high" | "medium" | "low";

/** What was asked for; see `laneDefinitionSchema` for the form people write. */
export interface LaneDefinition {
  readonly name?: string | undefined;
  /** The spec whose tasks these are, by its folder's name; absent: `tasks` are sentences. */
  readonly spec?: string | undefined;
  readonly tasks: readonly string[];
  readonly parallel: boolean;
  readonly priority: Priority;
  readonly dependsOn: readonly LaneId[];
  readonly files: readonly string[];
  readonly agent?: string | undefined;
  readonly command?: Command | undefined;
  /** Commands that must exit 0 on the committed tree; absent means the configuration's. */
  readonly verify?: readonly Command[] | undefined;
  /** The probe that this lane runs: what it starts comes from the accepted configuration, its work is the probe's result. */
  readonly probe?: string | undefined;
  /** The lane was made by a plan, and closes these gaps; absent: somebody added it by hand. */
  readonly planned?: { readonly gaps: readonly string[] } | undefined;
  /** Its work is the draft of a plan: it is read and never lands. */
  readonly draft?: true | undefined;
  /** The lane may end without changing a file. */
  readonly noChange: boolean;
}

/** Where a lane stands, finer than the seed's words; `LANE_ARROWS` says which may follow which. */
export type LaneState =
  | "pending"
  | "preparing"
  | "ready"
  | "intended"
  | "running"
  | "settling"
  | "retrying"
  | "parked"
  | "completed"
  | "failed"
  | "stopped";

/** Work of another lane that this lane's start commit contains. */
export interface BroughtIn {
  readonly lane: LaneId;
  /** Commit of that lane which was brought in. */
  readonly head: string;
}

/** The worktree of a lane; it is being made while it is not `ready`. */
export interface LaneWorktree {
  /** Relative to the main work tree, with forward slashes. */
  readonly path: string;
  /** Short branch name, `lane-<id>`. */
  readonly branch: string;
  /** The commit that the lane's own work starts after. */
  readonly start: string;
  /** Where it began, when `start` moved on because its work was brought onto a newer base. */
  readonly firstStart?: string | undefined;
  readonly ready: boolean;
  /** What is the lane's alone; absent until allocated. */
  readonly environment?: LaneEnvironment | undefined;
  /** Stands for the files and the command that it was set up with; absent until that succeeded. */
  readonly setUp?: string | undefined;
}

/** What a lane has for itself until it lands or its worktree goes: ports, and a name for databases and the like. */
export interface LaneEnvironment {
  /** Port by the name of its variable. */
  readonly ports: Readonly<Record<string, number>>;
  /** Lower-case letters, digits and underscores; no other worktree has it. */
  readonly name: string;
}

/** A task of a spec that a parked lane cannot start, and why. */
export interface WaitingTask {
  readonly task: string;
  /** Ids of the tasks that it waits for; empty when it waits for something else. */
  readonly on: readonly string[];
  readonly reason: string;
}

/** What a lane achieved: a verified commit. */
export interface LaneWork {
  readonly head: string;
  /** Files changed below `docs/_generated`, relative to it (the seed's `results`). */
  readonly results: readonly string[];
  readonly changedFiles: readonly string[];
  readonly receipts: readonly Receipt[];
  /** No verify command was there to run, or it is red as what the lane started from is (`onRedBase`). */
  readonly unverified: boolean;
  /** What the lane started from was red already, and it adds no failure; how that was found out, one sentence a command. */
  readonly onRedBase?: readonly string[] | undefined;
}

/** Why a lane failed, was stopped or is tried again: `cause` for scripts, `reason` for people. */
export interface LaneFailure {
  /** Stable word for scripts: `agent-failed`, `verify-red`, `nothing-done`, `uncommitted-work` … */
  readonly cause: string;
  readonly reason: string;
  readonly at: IsoTime;
}

/** Why git could not bring a lane's commit `head` and the landed commit `onto` together: both changed these files. */
export interface Conflict {
  readonly files: readonly string[];
  /** Lanes already landed that changed the same files. */
  readonly with: readonly LaneId[];
  readonly onto: string;
  readonly head: string;
  /** What is to know besides, for example why a regenerable file could not be remade. */
  readonly reason?: string | undefined;
}

/** What speaks for a landing, recorded when it is announced. */
export interface LandingEvidence {
  /** Of every command that was run on the combined tree; without the output of those that were green. */
  readonly receipts: readonly Receipt[];
  /** Files that were remade by their command. */
  readonly regenerated?: readonly string[] | undefined;
  /** The base was red already, and the lane adds no failure; how that was found out, one sentence a command. */
  readonly onRedBase?: readonly string[] | undefined;
  /** It takes back what these lanes had landed, and a person said that this is meant. */
  readonly reverts?: readonly LaneId[] | undefined;
}

/** Why a lane was not landed: stable words for scripts. */
export type RejectionCause = "verify-red" | "verify-timeout" | "silent-revert" | "own-folders" | "bad-config";

/** What has landed since the lane began and turned its tree red together with it. */
export interface Clash {
  readonly lanes: readonly LaneId[];
  /** Commits of the base's own, where no lane brought them. */
  readonly commits: readonly string[];
}

/** Landed work that a lane's merge would take back without a word. */
export interface Dropped {
  readonly lanes: readonly LaneId[];
  readonly files: readonly string[];
}

/** What became of a lane's work on its way to the base branch. */
export type LaneMerge = (
  | ({
      readonly state: "intended";
      readonly head: string;
      readonly from: string;
      readonly candidate: string;
    } & Earlier & {
        readonly evidence?: LandingEvidence | undefined;
      })
  | {
      readonly state: "landed";
      readonly head: string;
      readonly commit: string;
      readonly verified: boolean;
      /** Work of tasks that its history holds and its files do not: it was taken out again. */
      readonly without?: readonly WorkTakenOut[] | undefined;
      readonly evidence?: LandingEvidence | undefined;
      readonly at: IsoTime;
    }
  | { readonly state: "conflicted"; readonly conflict: Conflict; readonly at: IsoTime }
  | ({
      readonly state: "rejected";
      readonly head: string;
      readonly onto: string;
      readonly reason: string;
      readonly receipts: readonly Receipt[];
      readonly cause?: RejectionCause | undefined;
      readonly clash?: Clash | undefined;
      readonly dropped?: Dropped | undefined;
      readonly at: IsoTime;
    } & Earlier)
) & {
  /** Until its worktree is gone, whatever became of the merge. */
  readonly resolve?: LaneResolve | undefined;
};

/** Work of a task that a lane's history holds and its files do not: the task's commit. */
export interface WorkTakenOut {
  readonly spec: string;
  readonly task: string;
  readonly commit: string;
}

/** The conflict that a person resolved, in case that the landing of it does not come about. */
interface Earlier {
  readonly conflict?: Conflict | undefined;
}

/** A worktree in which a person resolves the conflict. */
export interface LaneResolve {
  readonly path: string;
  readonly branch: string;
  readonly head: string;
  readonly onto: string;
}

/** Everything that is known of a lane: what was asked for, where it stands, and what it achieved. */
export interface Lane {
  readonly id: LaneId;
  readonly definition: LaneDefinition;
  /** Position in which lanes were added; the plan order. */
  readonly order: number;
  readonly state: LaneState;
  readonly addedAt: IsoTime;
  readonly stateChangedAt: IsoTime;
  readonly attempts: readonly Attempt[];
  /** How many attempts may be made before the lane counts as failed. */
  readonly attemptsAllowed: number;
  /** An attempt in state `retrying` starts no earlier. */
  readonly retryAt?: IsoTime | undefined;
  /** In state `parked`: its agent has done what could be done, the rest waits for others. */
  readonly parked?: { readonly at: IsoTime; readonly waits: readonly WaitingTask[] } | undefined;
  readonly worktree?: LaneWorktree | undefined;
  /** The worktree that was last moved out of the way, under the number by which it can be restored. */
  readonly setAside?: { readonly number: number; readonly worktree: LaneWorktree } | undefined;
  readonly contains: readonly BroughtIn[];
  /** The commit of an attempt that was found committed and clean; what verify does to the files later is not the agent's. */
  readonly judged?: { readonly token: string; readonly head: string } | undefined;
  readonly work?: LaneWork | undefined;
  readonly failure?: LaneFailure | undefined;
  readonly merge?: LaneMerge | undefined;
  readonly stopRequested?: { readonly at: IsoTime; readonly reason: string } | undefined;
  /** The next start throws nothing away but begins at the base again. */
  readonly freshRequested?: boolean | undefined;
  readonly progress?: string | undefined;
  /** Results that its agent told of while it worked; what it committed is in `work`. */
  readonly toldResults?: readonly string[] | undefined;
}

/** The arrows between the states of a lane; `evolve` never draws another. */
export const LANE_ARROWS: Readonly<Record<LaneState, readonly LaneState[]>> = {
  pending: ["preparing", "stopped", "failed"],
  preparing: ["preparing", "ready", "failed", "stopped"],
  ready: ["preparing", "intended", "failed", "stopped"],
  intended: ["running", "ready", "stopped", "failed"],
  running: ["settling"],
  settling: ["completed", "retrying", "parked", "failed", "stopped"],
  retrying: ["preparing", "ready", "intended", "failed", "stopped"],
  parked: ["preparing", "intended", "settling", "retrying", "pending", "failed", "stopped"],
  completed: ["retrying", "pending"],
  failed: ["retrying", "pending"],
  stopped: ["retrying", "pending"],
};

/** States in which something of the lane may be running, or is about to. */
export function isActive(lane: Lane): boolean {
  return ["preparing", "ready", "intended", "running", "settling"].includes(lane.state);
}

/** Nothing of it runs, and it starts as soon as nothing is in its way. */
export function isWaiting({ state }: Lane): boolean {
  return state === "pending" || state === "retrying" || state === "parked";
}

/** The worktree in which a person resolves, or resolved, the conflict of this lane. */
export function resolveOf(lane: Lane): LaneResolve | undefined {
  return lane.merge?.resolve;
}

/** Its work is in the base; no more once the landing was taken back. */
export function isLanded(lane: Lane): boolean {
  return lane.merge?.state === "landed";
}

/** Its work is done and shall land; a draft is read instead. */
export function waitsToLand(lane: Lane): boolean {
  return lane.state === "completed" && !isLanded(lane) && lane.definition.draft !== true;
}
