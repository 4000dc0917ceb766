import { expect, test } from "vitest";
import { codex } from "../../src/adapters/codex.ts";

const read = (value: unknown) => codex.readEvent(JSON.stringify(value));

test("a run from the thread to its end", () => {
  const command = {
    id: "i1",
    type: "command_execution",
    command: "git status",
    aggregated_output: "",
    status: "in_progress",
  };
  const lines = [
    { type: "thread.started", thread_id: "t1" },
    { type: "turn.started" },
    { type: "item.started", item: command },
    { type: "item.completed", item: { ...command, exit_code: 0, status: "completed" } },
    { type: "item.completed", item: { ...command, exit_code: 128, status: "failed" } },
    {
      type: "item.completed",
      item: { type: "mcp_tool_call", server: "orbit", tool: "next_task", arguments: { a: 1 }, status: "completed" },
    },
    { type: "item.completed", item: { type: "agent_message", text: "finished" } },
    { type: "turn.completed", usage: { input_tokens: 300, output_tokens: 60 } },
  ];
  expect(lines.flatMap((line) => read(line))).toEqual([
    { type: "session", session: "t1" },
    { type: "toolCall", tool: "shell", detail: "git status", state: "started" },
    { type: "toolCall", tool: "shell", detail: "git status", state: "done" },
    { type: "toolCall", tool: "shell", detail: "git status (exit code 128)", state: "failed" },
    { type: "toolCall", tool: "orbit.next_task", detail: '{"a":1}', state: "done" },
    { type: "text", from: "agent", text: "finished" },
    { type: "cost", inputTokens: 300, outputTokens: 60 },
    { type: "result", ok: true, text: "" },
  ]);
});

test("a warning is no failure; a refusal is told while it is retried and when it is final", () => {
  const message = "unexpected status 429 Too Many Requests: slow down";
  expect(read({ type: "item.completed", item: { type: "error", message: "unknown model" } })).toMatchObject([
    { type: "other" },
  ]);
  expect(read({ type: "error", message: `Reconnecting... 1/5 (${message})` })).toMatchObject([
    { type: "limit", state: "retrying", status: 429 },
  ]);
  expect(read({ type: "error", message })).toMatchObject([{ type: "limit", state: "reached" }]);
  const last = "exceeded retry limit, last status: 429 Too Many Requests";
  expect(read({ type: "error", message: last })).toMatchObject([{ type: "limit", state: "reached" }]);
  expect(read({ type: "turn.failed", error: { message } })).toEqual([{ type: "result", ok: false, text: message }]);
});

test("changed files are told by what became of them", () => {
  const changes = [
    { path: "/w/a.txt", kind: "update" },
    { path: "/w/b.txt", kind: "add" },
  ];
  expect(read({ type: "item.completed", item: { type: "file_change", changes, status: "completed" } })).toEqual([
    { type: "toolCall", tool: "file_change", detail: "update /w/a.txt, add /w/b.txt", state: "done" },
  ]);
});
