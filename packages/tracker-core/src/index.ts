export * from "./decide/index.ts";
export * from "./decide/task/index.ts";
export {
  type Attempt,
  type AttemptOutcome,
  attemptsMade,
  lastAttempt,
  presentAttempts,
  type RecordedProcess,
} from "./domain/attempt.ts";
export type { Instant } from "./domain/instant.ts";
export {
  type BroughtIn,
  type Clash,
  type Command,
  type Conflict,
  type Dropped,
  isActive,
  isLanded,
  isWaiting,
  LANE_ARROWS,
  type LandingEvidence,
  type Lane,
  type LaneDefinition,
  type LaneEnvironment,
  type LaneFailure,
  type LaneMerge,
  type LaneResolve,
  type LaneState,
  type LaneWork,
  type LaneWorktree,
  type Priority,
  type RejectionCause,
  resolveOf,
  type WaitingTask,
  type WorkTakenOut,
  waitsToLand,
} from "./domain/lane.ts";
export {
  type BroughtTask,
  EMPTY_PROGRESS,
  findSpec,
  findTask,
  findTaskWorktree,
  followMoves,
  type Progress,
  type RecordedTask,
  recordedTasks,
  SPEC_STREAM,
  type TaskWorktree,
  type WorktreeConflict,
  type WorktreeMove,
} from "./domain/progress.ts";
export { flakyOf, isGreen, type Receipt, redOf, shownCommand, shownEnd } from "./domain/receipt.ts";
export { isSameLane } from "./domain/same-lane.ts";
export {
  findDefinition,
  findRecord,
  type LayerDefinition,
  removedTasks,
  type Spec,
  type SpecDefinition,
  type TaskDefinition,
  type WaitingRules,
} from "./domain/spec.ts";
export type { SpecFact, SpecFactType, TaskFact } from "./domain/spec-fact.ts";
export {
  type Claim,
  type ClaimPlace,
  type ContainedTask,
  isDone,
  type LateEvidence,
  type PrStatus,
  type PullRequest,
  type TaskNote,
  type TaskRecord,
  type TaskState,
  type TaskWork,
} from "./domain/task.ts";
export {
  type BaseState,
  type Driver,
  type DriverOptions,
  EMPTY_TRACKER,
  findLane,
  gatesOf,
  type Home,
  lanesInOrder,
  type Phase,
  type Removal,
  TRACKER_STREAM,
  type Tracker,
  type TrackerStatus,
  type WorkflowRun,
} from "./domain/tracker.ts";
export type { TrackerFact, TrackerFactType } from "./domain/tracker-fact.ts";
export type {
  UndoLanding,
  UndoneLanding,
  UndoPlan,
  UndoStep,
} from "./domain/undo.ts";
export { notInitialised, staleDriver, undoActive, unknownLane } from "./errors.ts";
export { evolveLane } from "./evolve/evolve-lane.ts";
export { evolveProgress } from "./evolve/evolve-progress.ts";
export { evolveTask } from "./evolve/evolve-task.ts";
export { evolveTracker } from "./evolve/evolve-tracker.ts";
export { type RepositoryState, repositoryMachine } from "./evolve/repository-machine.ts";
export * from "./store/index.ts";
export { availableTo } from "./task/available-to.ts";
export { canGoOn, isDoneInLane, type LaneTask, laneTasks, openedAt } from "./task/lane-tasks.ts";
export {
  type LayerProgress,
  type LayerStatus,
  lastSignOf,
  layerProgress,
  type TaskInLayer,
} from "./task/layer-progress.ts";
export { containersOf, type OutOfStep, type OutOfStepWhy, outOfStep } from "./task/out-of-step.ts";
export { sayBlockers, sayTime } from "./task/say-blockers.ts";
export {
  blockersOf,
  isSatisfied,
  knowStatuses,
  type TaskBlocker,
  type TaskStatus,
  taskStatus,
} from "./task/task-status.ts";
export { takenOutOf, workTakenOut } from "./task/work-taken-out.ts";
export { staleClaim, taskNotClaimed, taskTaken, unknownSpec, unknownTask } from "./task-errors.ts";
export { type FlakyGate, flakyGates } from "./view/flaky-gates.ts";
export { type LaneStatus, laneStatus } from "./view/lane-status.ts";
export { PROGRESS_SCHEMA, progressView } from "./view/progress-view.ts";
export { type StatusStats, statusStats } from "./view/status-stats.ts";
export { TRACKER_SCHEMA, trackerView } from "./view/tracker-view.ts";
