import type { Command } from "../attempt/attempt-plan.ts";
import type { AgentEvent } from "../events/agent-event.ts";

/** "graded": what a lane needs (edit, git, orbit-agent, verify). "bypass": everything, only when somebody asked. */
export type Permissions = "graded" | "bypass";

/** What an adapter is told of one attempt, to make of it the command that starts its agent. */
export interface CommandRequest {
  readonly permissions: Permissions;
  readonly promptFile: string;
  readonly worktree: string;
  /** The program, where it is not the adapter's own name in PATH; for `command` the whole command. */
  readonly executable?: Command;
  readonly model?: string;
  /** A session to go on with. */
  readonly resume?: string;
  /** A UUID that a new session shall have, where the agent lets us choose. */
  readonly session?: string;
  /** Command lines that the agent may run besides git and orbit-agent, for example the verify commands. */
  readonly allow?: readonly string[];
  /** Folders outside the worktree that it may write, for example the one of the store. */
  readonly writable?: readonly string[];
  readonly extraArguments?: readonly string[];
}

/** How an agent is started: its command, what it gets on stdin, and variables that its environment gets besides. */
export interface AgentCommand {
  readonly command: Command;
  readonly stdin: "prompt" | "none";
  readonly env?: Readonly<Record<string, string>>;
  /** Whether an agent started so can commit; if not, its work is committed for it. */
  readonly commitsItself: boolean;
}

/** Knows how to start one kind of agent and how to read what it prints. */
export interface AgentAdapter {
  readonly name: string;
  /** What a person may want to know before choosing it, one line each. */
  readonly can: readonly string[];
  /** With graded permissions. */
  readonly commitsItself: boolean;
  /** Beginnings of environment variables that carry its settings and credentials. */
  readonly variables: readonly string[];
  command(request: CommandRequest): AgentCommand;
  /** What one line of stdout says; nothing for a line that says nothing. Never throws, whatever the line is. */
  readEvent(line: string): readonly AgentEvent[];
}
