import type { IsoTime, LaneId } from "@orchard/kernel";
import type { RecordedProcess } from "./attempt.ts";
import type { Lane } from "./lane.ts";
import type { Receipt } from "./receipt.ts";
import type { UndoneLanding, UndoPlan } from "./undo.ts";

/** The stream of the journal that this state is the fold of. */
export const TRACKER_STREAM = "tracker";

/** How the tracker's phase stands; `initialized`: none has begun. */
export type TrackerStatus = "initialized" | "running" | "completed" | "failed";

/** 0 initialised, 1 probes, 2 plan, 3 execute, 4 merge (seed 000). */
export type Phase = 0 | 1 | 2 | 3 | 4;

/** Where the tracker was set up, and for which base branch. */
export interface Home {
  /** Absolute path of the main work tree. */
  readonly mainRepo: string;
  /** Absolute path under which worktrees are made. */
  readonly worktreesDir: string;
  /** Full ref name of the base branch. */
  readonly base: string;
  readonly createdAt: IsoTime;
}

/** What a driver was told that whoever goes on after it keeps to; absent: not told. */
export interface DriverOptions {
  readonly agent?: string | undefined;
  readonly maxParallel?: number | undefined;
  readonly resolve?: "hand" | undefined;
  /** Lanes land on a base that is red already, when they add no failure. */
  readonly allowRedBase?: boolean | undefined;
  /** Lanes that may take back what others have landed. */
  readonly acceptReverts?: readonly LaneId[] | undefined;
  /** The file that a plan is taken from; `-` is standard input. */
  readonly from?: string | undefined;
  readonly fresh?: boolean | undefined;
}

/** The `orch` process that moves work forward, or the last one that did. */
export interface Driver {
  /** Rises with every driver; an older one's records are refused. */
  readonly epoch: number;
  readonly identity: RecordedProcess;
  readonly command: string;
  /** What it was told on its command line, for whoever goes on after it. */
  readonly options?: DriverOptions | undefined;
  readonly startedAt: IsoTime;
  readonly endedAt?: IsoTime | undefined;
}

/** One execution of a named sequence of phases. */
export interface WorkflowRun {
  readonly run: string;
  readonly workflow: "full";
  readonly startedAt: IsoTime;
  /** Phases that are behind it. */
  readonly done: readonly Phase[];
  /** Of the driver that was at work when something was last recorded of it. */
  readonly epoch: number;
  /** What the driver was told that began it. */
  readonly options?: DriverOptions | undefined;
  readonly endedAt?: IsoTime | undefined;
  readonly outcome?: string | undefined;
}

/** What is known of the base branch and of the ref that landings advance. */
export interface BaseState {
  /** Commit that the last check of the base's own tree was made on. */
  readonly checked?:
    | {
        readonly commit: string;
        readonly green: boolean;
        readonly receipts: readonly Receipt[];
        /** Every command was run, also after a red one, so that others can be compared with it. */
        readonly whole?: boolean | undefined;
      }
    | undefined;
  /** The base branch is behind what has landed, and why. */
  readonly behind?: { readonly landed: string; readonly why: string; readonly at: IsoTime } | undefined;
  /** The base branch and what has landed contradict each other. */
  readonly conflict?: { readonly base: string; readonly landed: string; readonly files: readonly string[] } | undefined;
  /** A move of the landed ref that was announced and is not yet confirmed. */
  readonly intended?: { readonly from: string; readonly candidate: string } | undefined;
}

/** A worktree of a lane that went to the trash: `rescue` is the ref that pins it, `number` the one to restore it by. */
export interface Removal {
  readonly lane: LaneId;
  readonly number: number;
  readonly rescue: string;
  readonly trash: string;
  readonly at: IsoTime;
  readonly why: string;
}

/** Everything the tracker stream adds up to. Plain JSON. */
export interface Tracker {
  readonly home?: Home | undefined;
  readonly phase: Phase;
  readonly status: TrackerStatus;
  /** When the phase began that runs, or ran last; a driver that goes on with it begins none. */
  readonly phaseSince?: IsoTime | undefined;
  readonly updatedAt: IsoTime;
  readonly configHash?: string | undefined;
  readonly driver?: Driver | undefined;
  /** The highest epoch ever given, also over resets. */
  readonly epoch: number;
  readonly lanes: Readonly<Record<string, Lane>>;
  readonly lanesAdded: number;
  /** The newest run; open until it has ended. */
  readonly run?: WorkflowRun | undefined;
  readonly base: BaseState;
  readonly removals: readonly Removal[];
  /** What is being taken back: announced, and not yet confirmed. */
  readonly undoing?: UndoPlan | undefined;
  /** Landings that were taken back, oldest first. */
  readonly undone?: readonly UndoneLanding[] | undefined;
  /** How many undos were announced. */
  readonly undos?: number | undefined;
}

/** The state before the first fact of the tracker stream. */
export const EMPTY_TRACKER: Tracker = {
  phase: 0,
  status: "initialized",
  updatedAt: "1970-01-01T00:00:00.000Z",
  epoch: 0,
  lanes: {},
  lanesAdded: 0,
  base: {},
  removals: [],
};

/** Lanes in the order in which they were added. */
export function lanesInOrder(tracker: Tracker): readonly Lane[] {
  return Object.values(tracker.lanes).sort((a, b) => a.order - b.order);
}

/**
 * The lanes that must be done before `lane` starts, and must have landed before it lands. Between lanes of one spec
 * there are none: there the dependencies of the tasks themselves count, one by one.
 */
export function gatesOf(tracker: Tracker, { definition }: Pick<Lane, "definition">): readonly LaneId[] {
  const { spec, dependsOn } = definition;
  if (spec === undefined) return dependsOn;
  return dependsOn.filter((id) => findLane(tracker, id)?.definition.spec !== spec);
}

/** A lane by its id; `undefined` when there is none, whatever text `id` is. */
export function findLane(tracker: Tracker, id: string): Lane | undefined {
  return Object.hasOwn(tracker.lanes, id) ? tracker.lanes[id] : undefined;
}
