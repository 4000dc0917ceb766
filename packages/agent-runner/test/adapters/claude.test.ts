import { expect, test } from "vitest";
import { claude } from "../../src/adapters/claude.ts";

const read = (value: unknown) => claude.readEvent(JSON.stringify(value));

test("the session is known from the first line", () => {
  expect(read({ type: "system", subtype: "init", session_id: "s1", model: "m1", tools: [] })).toEqual([
    { type: "session", session: "s1", model: "m1" },
  ]);
});

test("text and tools of a message come in its order; thinking does not", () => {
  const content = [
    { type: "thinking", thinking: "hm" },
    { type: "text", text: "I write it." },
    { type: "tool_use", name: "Write", input: { content: "hello", file_path: "/r/a.txt" } },
    { type: "tool_use", name: "Bash", input: { command: "git add -A" } },
  ];
  expect(read({ type: "assistant", message: { content } })).toEqual([
    { type: "text", from: "agent", text: "I write it." },
    { type: "toolCall", tool: "Write", detail: "/r/a.txt", state: "started" },
    { type: "toolCall", tool: "Bash", detail: "git add -A", state: "started" },
  ]);
});

test("a tool that failed or was denied is told, one that worked is not told twice", () => {
  const result = (is_error: boolean) => ({ message: { content: [{ type: "tool_result", content: "no", is_error }] } });
  expect(read({ type: "user", ...result(false) })).toEqual([]);
  expect(read({ type: "user", ...result(true) })).toMatchObject([{ type: "toolCall", state: "failed", detail: "no" }]);
  expect(
    read({ type: "system", subtype: "permission_denied", tool_name: "Write", message: "not granted" }),
  ).toMatchObject([{ type: "toolCall", tool: "Write", state: "denied", detail: "not granted" }]);
  const tool_result_meta = [{ id: "t1", permission_decision: { decision: "reject", source: "config" } }];
  expect(read({ type: "user", ...result(true), tool_result_meta })).toEqual([]);
});

test("a limit that is reached carries its reset; one that is near too; one that is far is nothing", () => {
  const limit = (status: string) => ({
    type: "rate_limit_event",
    rate_limit_info: { status, resetsAt: 1795239227, rateLimitType: "five_hour" },
  });
  const resetsAt = "2026-11-21T05:33:47.000Z";
  expect(read(limit("rejected"))).toEqual([
    { type: "limit", state: "reached", reason: "five_hour rejected", resetsAt },
  ]);
  expect(read(limit("allowed_warning"))).toMatchObject([{ type: "limit", state: "near", resetsAt }]);
  expect(read(limit("allowed"))).toEqual([]);
});

test("a retry carries the status, by which one sees that 401 will not get better", () => {
  const retry = {
    type: "system",
    subtype: "api_retry",
    attempt: 1,
    max_retries: 10,
    error_status: 401,
    error: "authentication",
  };
  expect(read(retry)).toEqual([
    { type: "limit", state: "retrying", status: 401, reason: "authentication, try 1 of 10" },
  ]);
});

test("is_error decides how it went: 'success' comes with errors of the service too", () => {
  const result = (is_error: boolean, more: object = {}) =>
    read({
      type: "result",
      subtype: "success",
      is_error,
      result: "said",
      total_cost_usd: 0.5,
      usage: { input_tokens: 3, output_tokens: 2 },
      ...more,
    });
  expect(result(true).at(-1)).toMatchObject({ type: "result", ok: false, text: "said" });
  expect(result(false)).toEqual([
    { type: "cost", inputTokens: 3, outputTokens: 2, dollars: 0.5 },
    { type: "result", ok: true, text: "said", reason: "success" },
  ]);
  expect(result(false, { permission_denials: [{}, {}] }).at(-1)).toMatchObject({ reason: "2 tool calls were denied" });
  expect(
    read({ type: "result", subtype: "error_during_execution", is_error: true, errors: ["gone"] }).at(-1),
  ).toMatchObject({
    ok: false,
    text: "gone",
    reason: "error_during_execution",
  });
});

test("a line that is no JSON is text, an event of a later version is kept in short", () => {
  expect(claude.readEvent("Warning: x")).toEqual([{ type: "text", from: "stdout", text: "Warning: x" }]);
  expect(read({ type: "new_thing", a: 1 })).toEqual([
    { type: "other", name: "new_thing", detail: '{"type":"new_thing","a":1}' },
  ]);
});
