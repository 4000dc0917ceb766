export * from "./decide/index.ts";
export {
  type Attempt,
  type AttemptOutcome,
  attemptsMade,
  lastAttempt,
  type RecordedProcess,
} from "./domain/attempt.ts";
export {
  type BroughtIn,
  type Command,
  type Conflict,
  isActive,
  isLanded,
  LANE_ARROWS,
  type Lane,
  type LaneDefinition,
  type LaneFailure,
  type LaneMerge,
  type LaneResolve,
  type LaneState,
  type LaneWork,
  type LaneWorktree,
  type Priority,
  resolveOf,
} from "./domain/lane.ts";
export { isGreen, type Receipt } from "./domain/receipt.ts";
export {
  type BaseState,
  type Driver,
  type DriverOptions,
  EMPTY_TRACKER,
  findLane,
  type Home,
  lanesInOrder,
  type Phase,
  type Removal,
  TRACKER_STREAM,
  type Tracker,
  type TrackerStatus,
} from "./domain/tracker.ts";
export type { TrackerFact, TrackerFactType } from "./domain/tracker-fact.ts";
export { notInitialised, staleDriver, unknownLane } from "./errors.ts";
export { evolveLane } from "./evolve/evolve-lane.ts";
export { evolveTracker } from "./evolve/evolve-tracker.ts";
export { type RepositoryState, repositoryMachine } from "./evolve/repository-machine.ts";
export * from "./store/index.ts";
export { type LaneStatus, laneStatus } from "./view/lane-status.ts";
export { type StatusStats, statusStats } from "./view/status-stats.ts";
export { TRACKER_SCHEMA, trackerView } from "./view/tracker-view.ts";
