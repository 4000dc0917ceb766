export { adapters } from "./adapters/adapters.ts";
export type { AgentAdapter, AgentCommand, CommandRequest, Permissions } from "./adapters/agent-adapter.ts";
export { agentEnvironment, LONGEST_PROMPT_VARIABLE } from "./adapters/agent-environment.ts";
export { findInstalled, type InstalledAgent } from "./adapters/find-installed.ts";
export { type AttemptEnd, type AttemptOutcome, readEnd } from "./attempt/attempt-end.ts";
export { ATTEMPT_MARK, attemptFiles, SUPERVISOR_MARK } from "./attempt/attempt-files.ts";
export { type AttemptLimits, type AttemptPlan, type Command, readPlan, writePlan } from "./attempt/attempt-plan.ts";
export { type Attempt, readAttempt } from "./attempt/read-attempt.ts";
export { readStop, requestStop, type StopRequest } from "./attempt/stop-request.ts";
export {
  type LimitedCommand,
  type LimitsOffered,
  limitCommand,
  limitsOffered,
  type ProcessLimits,
} from "./commands/process-limits.ts";
export { type CommandResult, type RunCommandOptions, runCommand } from "./commands/run-command.ts";
export type { AgentEvent, LoggedEvent, RawPosition, StreamPosition } from "./events/agent-event.ts";
export { eventLogFile } from "./events/event-deriver.ts";
export { type FollowEventsOptions, followEvents, type ReadEventsOptions, readEvents } from "./events/read-events.ts";
export { createRedactor, REDACTED, type Redactor, secretsOf } from "./events/redactor.ts";
export { adopt } from "./supervise/adopt.ts";
export { leave } from "./supervise/leave.ts";
export { type StartSupervisorOptions, SUPERVISOR_NODE_OPTIONS, startSupervisor } from "./supervise/start-supervisor.ts";
export { supervise } from "./supervise/supervise.ts";
export type { SupervisorPorts } from "./supervise/supervisor-ports.ts";
