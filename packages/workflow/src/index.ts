export { type ListedAgent, type ListedAgents, listAgents } from "./agents/list-agents.ts";
export { type CleanedUp, cleanUp } from "./clean/clean-up.ts";
export { type Reset, resetTracker } from "./clean/reset-tracker.ts";
export { restoreWorktree } from "./clean/restore-worktree.ts";
export { type SetAside, setAside } from "./clean/set-aside.ts";
export { acceptConfig, CONFIG_FILE, type ConfigReading, readConfig } from "./config/accepted-config.ts";
export { acceptSettings, readSettings, type SettingsReading } from "./config/accepted-settings.ts";
export type { AgentSetting, Config, Permissions } from "./config/config.ts";
export { configSchema } from "./config/config-schema.ts";
export { type ProposedConfig, proposeConfig, writeConfig } from "./config/propose-config.ts";
export { recordAcceptance } from "./config/record-acceptance.ts";
export {
  BASE_SIDE,
  type ComparedLane,
  type FoundConflicts,
  findConflicts,
  type LaneConflict,
} from "./conflicts/find-conflicts.ts";
export { type Diagnosis, type Examination, examine } from "./doctor/examine.ts";
export type { Repaired } from "./doctor/finding.ts";
export { type InputProblem, interrupted, invalidInput } from "./errors.ts";
export { type AgentChoice, agentRefusal, chooseAgent } from "./execute/agent-choice.ts";
export { describeEnd } from "./execute/await-end.ts";
export { type Executed, executeLanes } from "./execute/execute-lanes.ts";
export type { ExecuteOptions } from "./execute/execute-options.ts";
export { howToGoOn } from "./explain/how-to-go-on.ts";
export { laneGraph, laneNodeState } from "./explain/lane-graph.ts";
export { type Why, whyLane } from "./explain/why-lane.ts";
export { type FullOptions, type FullRun, runFull } from "./full/run-full.ts";
export { type Collected, collectGarbage, TRASH_DAYS } from "./gc/collect-garbage.ts";
export { explainHeld, type Held, type Standing } from "./gc/explain-held.ts";
export { LONGEST_INPUT, parseJsonInput } from "./input/parse-json-input.ts";
export type { Followed } from "./land/follow-base.ts";
export { type Landing, landLanes, requireLandable } from "./land/land-lanes.ts";
export { ensureLanded } from "./land/landed.ts";
export { followIfBehind, synchronise } from "./land/synchronise.ts";
export { whyNotDone } from "./land/why-not-done.ts";
export { activeDriver, type Driver, withDriver } from "./orchard/driver.ts";
export { findLaunchers } from "./orchard/find-launchers.ts";
export { type Initialised, initialiseRepository } from "./orchard/initialise-repository.ts";
export { asOperation, hasStore, type Orchard, openOrchard, type Ports } from "./orchard/open-orchard.ts";
export { branchOf, findPlace, type Place, resolvePath, worktreePath } from "./orchard/place.ts";
export { record } from "./orchard/record.ts";
export { watchChanges, whenTracker } from "./orchard/when-tracker.ts";
export type { Report, WorkEvent } from "./orchard/work-event.ts";
export { besideDriver, type Worker } from "./orchard/worker.ts";
export { planNotKept } from "./plan/errors.ts";
export { PLAN_FILE, PLAN_REPORT, requireUnedited, whyEdited } from "./plan/plan-files.ts";
export { foreseePlan, type Planned, type PlanOptions, planLanes } from "./plan/plan-lanes.ts";
export { planSchema } from "./plan/plan-schema.ts";
export { laneView } from "./plan/plan-view.ts";
export { BUILT_IN_PROBES, knownProbes } from "./probes/known-probes.ts";
export { parseProbeResult } from "./probes/parse-probe-result.ts";
export { GENERATED, reportFile, resultFile } from "./probes/probe-files.ts";
export { probeDefinition, probeLane } from "./probes/probe-lane.ts";
export { whyNotAProbeName } from "./probes/probe-name.ts";
export {
  cycleOf,
  type Gap,
  type GapSeverity,
  gapSchema,
  LARGEST_RESULT,
  MOST_FILES_OF_A_GAP,
  MOST_GAPS,
  MOST_TASKS_OF_A_GAP,
  type ProbeResult,
  probeOfGap,
  probeResultSchema,
} from "./probes/probe-result.ts";
export { type ProbeReading, type ResultFinding, readProbeResults } from "./probes/read-probe-results.ts";
export { type Probed, type ProbeOptions, type ProbeOutcome, runProbes, wantedProbes } from "./probes/run-probes.ts";
export { whyNotAPath } from "./probes/safe-path.ts";
export { addLaneFromJson, findCycle } from "./requests/add-lane-from-json.ts";
export { type Retried, retryLane } from "./requests/retry-lane.ts";
export { type Stopped, stopLanes } from "./requests/stop-lanes.ts";
export { type SeedSetUp, setUpSeed } from "./seed/set-up-seed.ts";
export { chooseOperations, isUndoable, type UndoWish, whyNotUndoable } from "./undo/choose-operations.ts";
export { newOperationId, type Operation } from "./undo/operation.ts";
export { type Operations, readOperations } from "./undo/read-operations.ts";
export { sayOperation } from "./undo/say-operation.ts";
export { settleUndo } from "./undo/settle-undo.ts";
export { type Undone, undoOperations } from "./undo/undo-operations.ts";
export { saidStep } from "./undo/undo-steps.ts";
