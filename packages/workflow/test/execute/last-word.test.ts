import type { AgentEvent } from "@orchard/agent-runner";
import { expect, test } from "vitest";
import { isRefused } from "../../src/execute/end-refused.ts";
import { heard, NO_WORD } from "../../src/execute/last-word.ts";
import { unsuccessful, withDenials } from "../../src/execute/shortfall.ts";

const after = (...events: readonly AgentEvent[]) => events.reduce(heard, NO_WORD);
const FAILED = { outcome: "exited", code: 1, signal: null } as const;
const refusal: AgentEvent = { type: "limit", state: "retrying", status: 401, reason: "authentication_failed" };
const busy: AgentEvent = { type: "limit", state: "retrying", status: 529, reason: "overloaded" };
const works: AgentEvent = { type: "toolCall", tool: "Bash", detail: "git status", state: "started" };
const reached: AgentEvent = { type: "limit", state: "reached", reason: "5h", resetsAt: "2026-01-01T10:00:00.000Z" };

test("an agent is given up as refused after three 401 or 403 in a row, not after one and not while it works", () => {
  expect(isRefused(after(refusal, refusal, refusal))).toBe(true);
  expect(isRefused(after(refusal, refusal))).toBe(false);
  expect(isRefused(after(refusal, refusal, works, refusal))).toBe(false);
  expect(isRefused(after(busy, busy, busy, busy))).toBe(false);
});

test("an agent that its service refused is not tried again; one that works after a refusal has another reason", () => {
  const reason = "the service refused the agent (status 401, authentication_failed); see that it is logged in";
  expect(unsuccessful(FAILED, after(refusal))).toEqual({ cause: "agent-refused", reason, final: true });
  expect(unsuccessful(FAILED, after(refusal, works))).toMatchObject({ cause: "agent-failed" });
});

test("an agent that reached its usage limit is not tried again before the limit ends", () => {
  const said: AgentEvent = { type: "result", ok: false, text: "You've hit your limit" };
  expect(unsuccessful(FAILED, after(reached, said))).toEqual({
    cause: "usage-limit",
    reason: "the agent did not succeed: exit code 1: You've hit your limit",
    notBefore: "2026-01-01T10:00:00.000Z",
  });
});

test("what the agent said of its end explains it, before what it printed to stderr, on one safe line", () => {
  const complaint: AgentEvent = { type: "text", from: "stderr", text: "a\nno\u001b[31m such flag\n" };
  expect(unsuccessful(FAILED, after(complaint)).reason).toMatch(/exit code 1: no\\x1b\[31m such flag$/);
  const both = after({ type: "result", ok: false, text: "broken" }, complaint);
  expect(unsuccessful(FAILED, both).reason).toMatch(/exit code 1: broken$/);
  expect(unsuccessful({ outcome: "idle", code: null, signal: null }, both).reason).not.toContain("broken");
});

test("missing work tells of the tool calls that were not permitted", () => {
  const denied: AgentEvent = { type: "toolCall", tool: "Bash", detail: "needs approval", state: "denied" };
  const shortfall = { cause: "nothing-done", reason: "nothing" };
  expect(withDenials(shortfall, after(denied, denied)).reason).toBe(
    "nothing; 2 tool calls were not permitted, the last: Bash: needs approval",
  );
  expect(withDenials(shortfall, after(works))).toBe(shortfall);
});
