import fc from "fast-check";
import { expect, test } from "vitest";
import { adapters } from "../../src/index.ts";

const REQUEST = { permissions: "graded", promptFile: "/p/prompt.md", worktree: "/w t" } as const;

test.each([...adapters.values()])("$name never asks for a bypass unless somebody did", (adapter) => {
  const line = (permissions: "graded" | "bypass"): string =>
    JSON.stringify(adapter.command({ ...REQUEST, permissions }));
  expect(line("graded")).not.toMatch(/bypass|danger|yolo|full-access|IS_SANDBOX/i);
  if (adapter.name !== "command") expect(line("bypass")).toMatch(/bypass/);
});

test("claude: one line, the prompt on stdin, what a lane needs is allowed by name", () => {
  const { command, stdin, commitsItself } = adapters.get("claude")!.command({
    ...REQUEST,
    executable: ["/opt/claude"],
    model: "m",
    session: "8c6ae54d-d405-425a-b010-b73a839a8480",
    allow: ["npm test"],
  });
  expect([stdin, commitsItself]).toEqual(["prompt", true]);
  expect(command).toEqual([
    ...["/opt/claude", "-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits"],
    ...["--allowedTools", "Read", "Glob", "Grep", "mcp__orbit"],
    ...["Bash(git:*)", "Bash(orbit-agent:*)", "Bash(npm test:*)"],
    ...["--model", "m", "--session-id", "8c6ae54d-d405-425a-b010-b73a839a8480"],
  ]);
});

test("claude: no tool that writes is allowed by name, which would let it write outside the worktree", () => {
  const { command } = adapters.get("claude")!.command({ ...REQUEST, allow: ["npm test"] });
  for (const tool of ["Edit", "Write", "NotebookEdit"]) expect(command).not.toContain(tool);
});

test("claude: a verify line of shell is allowed as it stands and part by part, with no other arguments", () => {
  const { command } = adapters.get("claude")!.command({ ...REQUEST, allow: ["npm run lint && npm test, all | cat"] });
  const rules = (command as readonly string[]).filter((one) => one.startsWith("Bash(") && !/git|orbit/.test(one));
  expect(rules).toEqual([
    "Bash(npm run lint && npm test, all | cat)",
    ...["Bash(npm run lint)", "Bash(npm test, all)", "Bash(cat)"],
  ]);
});

test("codex: its sandbox gets the network and the store's folder, and it cannot commit; bypassed it can", () => {
  const codex = adapters.get("codex")!;
  const graded = codex.command({ ...REQUEST, writable: ["/r/.git/orch"] });
  expect(graded).toMatchObject({ stdin: "prompt", commitsItself: false });
  expect(graded.command).toEqual([
    ...["codex", "exec", "--json", "-C", "/w t", "-s", "workspace-write"],
    ...["-c", "sandbox_workspace_write.network_access=true"],
    ...["-c", 'sandbox_workspace_write.writable_roots=["/r/.git/orch"]', "-"],
  ]);
  expect(codex.command({ ...REQUEST, permissions: "bypass" }).commitsItself).toBe(true);
  expect(codex.command({ ...REQUEST, resume: "t1" }).command.slice(-3)).toEqual(["resume", "t1", "-"]);
});

test("command: whatever program was given, as it is", () => {
  const { command } = adapters.get("command")!;
  expect(command({ ...REQUEST, executable: "make it | so" })).toMatchObject({
    command: "make it | so",
    stdin: "prompt",
  });
  expect(command({ ...REQUEST, executable: ["a", "b"] }).command).toEqual(["a", "b"]);
});

test.each([...adapters.values()])(
  "$name reads any line at all without a fault, and says only what it knows",
  (adapter) => {
    const types = ["session", "text", "toolCall", "cost", "limit", "result", "other"];
    const odd = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom(
            "system",
            "assistant",
            "user",
            "result",
            "rate_limit_event",
            "item.completed",
            "error",
            "turn.completed",
          ),
          message: fc.jsonValue(),
          item: fc.jsonValue(),
          subtype: fc.constantFrom("init", "api_retry", "x"),
          usage: fc.jsonValue(),
          rate_limit_info: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(odd, (line) => {
        for (const event of adapter.readEvent(line)) expect(types).toContain(event.type);
      }),
      { numRuns: 500 },
    );
  },
);
