import { isoTime } from "@orchard/kernel";
import type { AgentEvent } from "../events/agent-event.ts";
import type { AgentAdapter, CommandRequest } from "./agent-adapter.ts";
import { type Part, readJsonLine } from "./json-line.ts";

/** Claude Code, headless, with its stream of JSON lines. */
export const claude: AgentAdapter = {
  name: "claude",
  can: [
    "tells text, tool calls, cost and tokens as they happen",
    "resumes a session; its id is chosen before it starts",
    "tells a usage limit and when it ends: its lanes wait until then",
    "edits in the worktree, runs git, orbit-agent and the verify commands; commits its work",
  ],
  commitsItself: true,
  variables: ["ANTHROPIC_", "CLAUDE_", "ENABLE_TOOL_SEARCH", "IS_SANDBOX", "AWS_", "GOOGLE_", "CLOUD_ML_"],
  command: (request) => ({
    command: [
      ...programOf(request),
      ...["-p", "--output-format", "stream-json", "--verbose"],
      ...permissionsOf(request),
      ...(request.model === undefined ? [] : ["--model", request.model]),
      ...sessionOf(request),
      ...(request.writable ?? []).flatMap((folder) => ["--add-dir", folder]),
      ...(request.extraArguments ?? []),
    ],
    stdin: "prompt",
    // As root it refuses the bypass unless it is told that it runs in a sandbox.
    ...(request.permissions === "bypass" && process.getuid?.() === 0 ? { env: { IS_SANDBOX: "1" } } : {}),
    commitsItself: true,
  }),
  readEvent: (line) => readJsonLine(line, eventsOf),
};

function programOf({ executable = "claude" }: CommandRequest): readonly string[] {
  return typeof executable === "string" ? [executable] : executable;
}

function permissionsOf({ permissions, allow = [] }: CommandRequest): readonly string[] {
  if (permissions === "bypass") return ["--permission-mode", "bypassPermissions"];
  const shell = ["git", "orbit-agent", ...allow].flatMap(shellRules);
  return ["--permission-mode", "acceptEdits", "--allowedTools", ...TOOLS, ...shell];
}

/** A plain command with whatever arguments; a line of shell only as it stands, each part of it alone too. */
function shellRules(line: string): readonly string[] {
  if (!/[|&;<>()$`\\\n]/.test(line)) return [`Bash(${line}:*)`];
  const parts = line.split(/&&|\|\||[|;\n]/).map((part) => part.trim());
  return [...new Set([line, ...parts])].filter((part) => part !== "").map((part) => `Bash(${part})`);
}

/**
 * The tools that edit are not among them: named here they could write anywhere, while `acceptEdits` lets them write
 * in the worktree and in the folders of `--add-dir` alone.
 */
const TOOLS = ["Read", "Glob", "Grep", "mcp__orbit"];

function sessionOf({ resume, session }: CommandRequest): readonly string[] {
  if (resume !== undefined) return ["--resume", resume];
  return session === undefined ? [] : ["--session-id", session];
}

function eventsOf(line: Part): readonly AgentEvent[] | undefined {
  switch (line.get("type").text) {
    case "system":
      return systemEvents(line);
    case "assistant":
      return line.get("message").get("content").list.flatMap(contentEvents);
    case "user":
      return wasDenied(line) ? [] : line.get("message").get("content").list.flatMap(toolResult);
    case "rate_limit_event":
      return limitEvents(line.get("rate_limit_info"));
    case "result":
      return resultEvents(line);
    default:
      return undefined;
  }
}

function systemEvents(line: Part): readonly AgentEvent[] | undefined {
  switch (line.get("subtype").text) {
    case "init":
      return [{ type: "session", session: line.get("session_id").text, ...optional("model", line.get("model").text) }];
    case "api_retry": {
      const status = line.get("error_status").number;
      const reason = `${line.get("error").short(200)}, try ${line.get("attempt").short(9)} of ${line.get("max_retries").short(9)}`;
      return [{ type: "limit", state: "retrying", reason, ...(status === undefined ? {} : { status }) }];
    }
    case "permission_denied":
      return [
        { type: "toolCall", tool: line.get("tool_name").text, detail: line.get("message").short(), state: "denied" },
      ];
    default:
      return undefined;
  }
}

function contentEvents(block: Part): readonly AgentEvent[] {
  switch (block.get("type").text) {
    case "text":
      return [{ type: "text", from: "agent", text: block.get("text").text }];
    case "tool_use":
      return [
        { type: "toolCall", tool: block.get("name").text, detail: detailOf(block.get("input")), state: "started" },
      ];
    default:
      return [];
  }
}

/** The one argument that tells what the tool is about, else all of them. */
function detailOf(input: Part): string {
  const telling = ["command", "file_path", "path", "pattern", "url", "description"].map((key) => input.get(key));
  return (telling.find((part) => part.exists) ?? input).short();
}

/** A call that was not permitted is told by `permission_denied` already. */
function wasDenied(line: Part): boolean {
  return line
    .get("tool_result_meta")
    .list.some((meta) => meta.get("permission_decision").get("decision").text === "reject");
}

function toolResult(block: Part): readonly AgentEvent[] {
  if (block.get("type").text !== "tool_result" || block.get("is_error").value !== true) return [];
  return [{ type: "toolCall", tool: "", detail: block.get("content").short(), state: "failed" }];
}

function limitEvents(info: Part): readonly AgentEvent[] {
  const status = info.get("status").text;
  if (status === "allowed") return [];
  const seconds = info.get("resetsAt").number;
  const reason = `${info.get("rateLimitType").short(80)} ${status}`.trim();
  const resetsAt = seconds === undefined || Math.abs(seconds) > 8e12 ? {} : { resetsAt: isoTime(seconds * 1000) };
  return [{ type: "limit", state: status === "rejected" ? "reached" : "near", reason, ...resetsAt }];
}

/** `subtype` says "success" on errors of the service too: only `is_error` tells. */
function resultEvents(line: Part): readonly AgentEvent[] {
  const usage = line.get("usage");
  const dollars = line.get("total_cost_usd").number;
  const ok = line.get("is_error").value === false;
  const said =
    line.get("result").text ||
    line
      .get("errors")
      .list.map((one) => one.short(400))
      .join("; ");
  const denied = line.get("permission_denials").list.length;
  const reason = denied > 0 && ok ? `${denied} tool calls were denied` : line.get("subtype").text;
  return [
    {
      type: "cost",
      inputTokens: usage.get("input_tokens").number ?? 0,
      outputTokens: usage.get("output_tokens").number ?? 0,
      ...(dollars === undefined ? {} : { dollars }),
    },
    { type: "result", ok, text: said, ...optional("reason", reason) },
  ];
}

function optional<Key extends string>(key: Key, value: string): { readonly [key in Key]?: string } {
  return value === "" ? {} : ({ [key]: value } as { readonly [key in Key]?: string });
}
