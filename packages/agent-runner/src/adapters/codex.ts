import type { AgentEvent } from "../events/agent-event.ts";
import type { AgentAdapter, CommandRequest } from "./agent-adapter.ts";
import { Part, readJsonLine } from "./json-line.ts";

/**
 * Codex, `exec --json`. Its `workspace-write` sandbox makes the git folder read-only, also for a linked worktree
 * and whatever else is made writable: the agent cannot commit, so that its work has to be committed for it.
 */
export const codex: AgentAdapter = {
  name: "codex",
  can: [
    "tells text, commands and tokens as they happen; no cost",
    "resumes a session; its id is known once it runs",
    "works in a sandbox that cannot commit: its work is committed for it",
  ],
  commitsItself: false,
  variables: ["OPENAI_", "CODEX_", "AZURE_OPENAI_"],
  command: (request) => ({
    command: [
      ...programOf(request),
      ...["exec", "--json", "-C", request.worktree],
      ...permissionsOf(request),
      ...(request.model === undefined ? [] : ["-m", request.model]),
      ...(request.extraArguments ?? []),
      ...(request.resume === undefined ? [] : ["resume", request.resume]),
      "-",
    ],
    stdin: "prompt",
    commitsItself: request.permissions === "bypass",
  }),
  readEvent: (line) => readJsonLine(line, eventsOf),
};

function programOf({ executable = "codex" }: CommandRequest): readonly string[] {
  return typeof executable === "string" ? [executable] : executable;
}

/** The sandbox also cuts loopback and every folder outside; orbit-agent needs both. */
function permissionsOf({ permissions, writable = [] }: CommandRequest): readonly string[] {
  if (permissions === "bypass") return ["--dangerously-bypass-approvals-and-sandbox"];
  return [
    ...["-s", "workspace-write", "-c", "sandbox_workspace_write.network_access=true"],
    ...(writable.length === 0 ? [] : ["-c", `sandbox_workspace_write.writable_roots=${JSON.stringify(writable)}`]),
  ];
}

function eventsOf(line: Part): readonly AgentEvent[] | undefined {
  switch (line.get("type").text) {
    case "thread.started":
      return [{ type: "session", session: line.get("thread_id").text }];
    case "turn.started":
    case "item.updated":
      return [];
    case "item.started":
      return itemEvents(line.get("item"), "started");
    case "item.completed":
      return itemEvents(line.get("item"), "completed");
    case "turn.completed":
      return [costOf(line.get("usage")), { type: "result", ok: true, text: "" }];
    case "turn.failed":
      return [{ type: "result", ok: false, text: line.get("error").get("message").short(2000) }];
    case "error":
      return [limitOrText(line.get("message").short(2000))];
    default:
      return undefined;
  }
}

function itemEvents(item: Part, moment: "started" | "completed"): readonly AgentEvent[] | undefined {
  const done = moment === "completed";
  const state = done ? (item.get("status").text === "failed" ? "failed" : "done") : "started";
  switch (item.get("type").text) {
    case "agent_message":
      return done ? [{ type: "text", from: "agent", text: item.get("text").text }] : [];
    case "command_execution":
      return [{ type: "toolCall", tool: "shell", detail: commandOf(item, state), state }];
    case "mcp_tool_call": {
      const tool = `${item.get("server").short(80)}.${item.get("tool").short(80)}`;
      return [{ type: "toolCall", tool, detail: item.get("arguments").short(), state }];
    }
    case "file_change":
      return [{ type: "toolCall", tool: "file_change", detail: changesOf(item), state }];
    case "web_search":
      return [{ type: "toolCall", tool: "web_search", detail: item.get("query").short(), state }];
    case "error":
      return [{ type: "other", name: "warning", detail: item.get("message").short(1000) }];
    case "reasoning":
    case "todo_list":
      return [];
    default:
      return undefined;
  }
}

/** A command that failed tells with what. */
function commandOf(item: Part, state: "started" | "done" | "failed"): string {
  const command = item.get("command").short();
  const code = item.get("exit_code").number;
  return state === "failed" && code !== undefined ? `${command} (exit code ${code})` : command;
}

function changesOf(item: Part): string {
  const changes = item.get("changes").list.map((change) => `${change.get("kind").text} ${change.get("path").text}`);
  return new Part(changes.join(", ")).short();
}

/** Cumulative over the thread. Codex tells no price. */
function costOf(usage: Part): AgentEvent {
  return {
    type: "cost",
    inputTokens: usage.get("input_tokens").number ?? 0,
    outputTokens: usage.get("output_tokens").number ?? 0,
  };
}

/** Codex has no event for limits: the message carries the HTTP status, and says when it tries again. */
function limitOrText(message: string): AgentEvent {
  const status = Number(/\bstatus:? ([0-9]{3})\b/.exec(message)?.[1] ?? Number.NaN);
  if (message.startsWith("Reconnecting")) {
    return { type: "limit", state: "retrying", reason: message, ...(Number.isNaN(status) ? {} : { status }) };
  }
  if (status === 429 || /usage limit/i.test(message)) return { type: "limit", state: "reached", reason: message };
  return { type: "other", name: "error", detail: message };
}
