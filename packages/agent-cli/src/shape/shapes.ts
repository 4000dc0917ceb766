import type { ArgumentShape, CommandShape, OptionShape } from "./command-shape.ts";

const AGENT: OptionShape = { name: "agent", value: "name", says: "who you are; else ORBIT_AGENT, else the worktree's" };
const TAKEOVER: OptionShape = { name: "takeover", says: "act for the worktree that holds it; it is recorded" };
const ANY: OptionShape = { name: "any", says: "also tasks that the file wants somebody else to do" };
const REASON: OptionShape = { name: "reason", value: "text", says: "why" };

const ONE: ArgumentShape = { name: "task", says: "T031, or 001/T031 with its spec" };
const TASK: ArgumentShape = { ...ONE, required: true };
const SPEC: ArgumentShape = { name: "spec", says: "001 or its whole name; else ORBIT_SPEC, else all" };
const ONE_SPEC: ArgumentShape = { name: "spec", says: "001 or its whole name; else ORBIT_SPEC, else the only one" };

/** Every command of `orbit-agent`, in the order of the help. */
export const SHAPES: readonly CommandShape[] = [
  {
    name: "available-tasks",
    aliases: ["check-available-tasks"],
    says: "List the tasks that you may start now, and what your others wait for.",
    arguments: [SPEC],
    options: [AGENT, ANY],
    example: "orbit-agent available-tasks 001 --agent claude",
  },
  {
    name: "list-available",
    says: "As available-tasks, in short.",
    arguments: [SPEC],
    options: [{ name: "for", value: "agent", says: "whose tasks; else ORBIT_AGENT, else the worktree's" }, ANY],
    example: "orbit-agent list-available --for claude",
  },
  {
    name: "next",
    says: "Name the task to do next, or start it.",
    arguments: [SPEC],
    options: [AGENT, ANY, { name: "start", says: "start it at once" }],
    example: "orbit-agent next --start",
  },
  {
    name: "start",
    aliases: ["start-task"],
    says: "Claim a task and bring the code that it depends on into this worktree.",
    arguments: [TASK],
    options: [
      AGENT,
      TAKEOVER,
      { name: "resolve", value: "how", says: "hand: make a worktree in which a conflict can be resolved" },
    ],
    example: "orbit-agent start T031",
  },
  {
    name: "complete",
    aliases: ["complete-task"],
    says: "Mark a task done: HEAD proves it, long before its pull request is merged.",
    arguments: [TASK],
    options: [
      AGENT,
      TAKEOVER,
      { name: "pr", value: "number", says: "its pull request: a number or an address" },
      { name: "commit", value: "commit", says: "another commit than HEAD proves it" },
      { name: "no-code", says: "there was nothing to change; needs --reason" },
      REASON,
    ],
    example: "orbit-agent complete T031 --pr 123",
  },
  {
    name: "fail",
    says: "Give a task up: it failed, or it is not wanted any more.",
    arguments: [TASK],
    options: [AGENT, TAKEOVER, { ...REASON, required: true }, { name: "cancel", says: "cancelled, not failed" }],
    example: 'orbit-agent fail T031 --reason "the API it needs does not exist"',
  },
  {
    name: "release",
    says: "Give a claim back; somebody else may start the task.",
    arguments: [TASK],
    options: [AGENT, TAKEOVER, REASON],
    example: "orbit-agent release T031",
  },
  {
    name: "reopen",
    says: "Take a completion, a failure or a cancellation back.",
    arguments: [TASK],
    options: [AGENT, REASON],
    example: 'orbit-agent reopen T031 --reason "the model lacks a field"',
  },
  {
    name: "block",
    says: "Say what you wait for. You keep the claim; heartbeat, complete or release end it.",
    arguments: [TASK],
    options: [AGENT, { ...REASON, required: true }],
    example: 'orbit-agent block T031 --reason "a decision about the schema"',
  },
  {
    name: "note",
    says: "Write something down beside a task, for everybody to read.",
    arguments: [TASK, { name: "text", says: "what", required: true, rest: true }],
    options: [AGENT],
    example: 'orbit-agent note T031 "ids are ULIDs"',
  },
  {
    name: "heartbeat",
    says: "Show that you are at work: on one task, or on all that you hold here.",
    arguments: [ONE],
    options: [AGENT],
    example: "orbit-agent heartbeat",
  },
  {
    name: "pr",
    says: "Say what became of a task's pull request; `pr sync` asks for all of them.",
    arguments: [{ name: "task", says: "T031, 001/T031, or: sync", required: true }],
    options: [
      AGENT,
      { name: "status", value: "status", says: "pending_review, approved, merged or rejected" },
      { name: "pr", value: "number", says: "its number or its address" },
      { name: "commit", value: "commit", says: "the commit that it is about" },
    ],
    example: "orbit-agent pr T031 --status approved",
  },
  {
    name: "layer-status",
    says: "Show how far each layer is, and what it waits for.",
    arguments: [ONE_SPEC],
    example: "orbit-agent layer-status 001",
  },
  {
    name: "supervise",
    says: "Report on a spec: who finishes what, who waits for whom, what is stuck, what comes next.",
    arguments: [ONE_SPEC],
    example: "orbit-agent supervise 001",
  },
  {
    name: "why",
    says: "Say why a task is where it is, and what moves it on.",
    arguments: [TASK],
    options: [AGENT],
    example: "orbit-agent why T038",
  },
  {
    name: "restack",
    says: "Bring this worktree in step with tasks whose code was changed, rejected or accepted again.",
    options: [
      AGENT,
      { name: "continue", says: "go on after a conflict was resolved" },
      { name: "abandon", says: "give a resolution up; what was done is kept" },
    ],
    example: "orbit-agent restack",
  },
  {
    name: "verify-deps",
    says: "Check, in CI say, that a task's dependencies are in this worktree and none was rejected.",
    arguments: [TASK],
    example: "orbit-agent verify-deps T038",
  },
  {
    name: "tracker",
    says: "Read the tracker, or a part of it: tracker get [path]; tell a lane's progress: tracker update <json>.",
    arguments: [
      { name: "verb", says: "get or update", required: true },
      { name: "path", says: 'such as lanes.docs; to update: {"progress": "half done"}' },
    ],
    options: [AGENT],
    example: "orbit-agent tracker get lanes.docs.status",
  },
  {
    name: "completion",
    says: "Print the script that completes orbit-agent in a shell: bash, zsh or fish.",
    arguments: [{ name: "shell", says: "bash, zsh or fish", required: true }],
    example: "orbit-agent completion bash",
  },
];

/** The command that `word` calls, by its name or another spelling of it. */
export function findShape(word: string | undefined): CommandShape | undefined {
  return SHAPES.find(({ name, aliases = [] }) => name === word || (word !== undefined && aliases.includes(word)));
}
