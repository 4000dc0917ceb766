export { isAgentName } from "./define-tasks.ts";
export type { Asker, TaskDesk } from "./desk.ts";
export { type CompleteOptions, completeTask, failTask, releaseTask } from "./end-task.ts";
export { noName, noSpecs } from "./errors.ts";
export { flagsOf } from "./flags.ts";
export { blockTask, heartbeat, noteTask, reopenTask } from "./keep-task.ts";
export { type LaneAsking, laneAsking, type NextTask, nextTask } from "./next-task.ts";
export { branchIn, findWorktreeId, laneAt, openDesk, whoAsks } from "./open-desk.ts";
export type {
  CameAlong,
  CompleteOutcome,
  Flag,
  RestackOutcome,
  StartOutcome,
  TaskConflict,
  WhyTask,
} from "./outcomes.ts";
export { progressPath } from "./progress-path.ts";
export { changePr, type PrChange, parsePr, syncPrs } from "./pull-requests.ts";
export { readSpecs, refreshSpecs, type SpecReading, type SpecsRead, waitingRules } from "./read-specs.ts";
export { defaultSpec, resolveSpec, resolveTask, specsAtHand } from "./resolve-names.ts";
export { restack } from "./restack.ts";
export { sightWorld } from "./sight-world.ts";
export { definitionHash, findSpecFiles, type SpecFile, TASK_FILE } from "./spec-files.ts";
export { type StartOptions, startTask } from "./start-task.ts";
export { type SuperviseReport, signsOfLife, superviseSpec, type Unblocking, type WorkedOn } from "./supervise-spec.ts";
export { knowRemaining, remainingIn } from "./task-graph.ts";
export { fieldAt, readTrackerField } from "./tracker-fields.ts";
export { updateTracker } from "./update-tracker.ts";
export { type DependencyCheck, type DependencyProblem, verifyDependencies } from "./verify-dependencies.ts";
export { whyTask } from "./why-task.ts";
