import type { AgentEvent, LoggedEvent } from "@orchard/agent-runner";
import type { Paint } from "@orchard/terminal";
import { expect, test } from "vitest";
import { agentStory } from "../src/terminal/agent-story.ts";

const PLAIN = new Proxy({}, { get: () => (text: string) => text }) as Paint;

const inOrder = (...events: readonly AgentEvent[]) => {
  const tell = agentStory(PLAIN);
  return events.map((event) => tell(event as LoggedEvent)).filter((line) => line !== undefined);
};

test("a call that began is not told again when it is done, one that failed or only ended is", () => {
  const call = (state: "started" | "done" | "failed") =>
    ({ type: "toolCall", tool: "shell", detail: "ls", state }) as const;
  expect(inOrder(call("started"), call("done"), call("done"))).toEqual(["→ shell ls", "→ shell ls"]);
  expect(inOrder(call("started"), call("failed"))).toEqual(["→ shell ls", "✗ shell ls"]);
});

test("a result that repeats the agent's last words is told in short", () => {
  const text: AgentEvent = { type: "text", from: "agent", text: "Done it." };
  const result = (ok: boolean, words: string): AgentEvent => ({ type: "result", ok, text: words });
  expect(inOrder(text, result(true, "Done it."))).toEqual(["Done it.", "✓ ended its turn"]);
  expect(inOrder(text, result(false, "Done it."))).toEqual(["Done it.", "✗ ended its turn without success"]);
  expect(inOrder(text, result(true, "Other"))).toEqual(["Done it.", "✓ Other"]);
});

test("a refusal, a limit, a denied call and a tool without a name read as what they are", () => {
  expect(
    inOrder(
      { type: "limit", state: "retrying", reason: "authentication_failed, try 1 of 10", status: 401 },
      { type: "limit", state: "reached", reason: "five_hour", resetsAt: "2026-01-01T10:00:00.000Z" },
      { type: "toolCall", tool: "Write", detail: "outside", state: "denied" },
      { type: "toolCall", tool: "", detail: "no such file", state: "failed" },
    ),
  ).toEqual([
    "refused by the service with status 401: authentication_failed, try 1 of 10",
    "usage limit reached: five_hour, resets 2026-01-01T10:00:00.000Z",
    "✗ Write outside (not permitted)",
    "✗ no such file",
  ]);
});
