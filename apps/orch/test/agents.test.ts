import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Agent, agentSandbox } from "./support/recording-agents.ts";

const COMMITS = "echo 1 > made.txt; git add -A; git commit -qm made";

test.each<[string, readonly Agent[], { lane?: Agent; option?: Agent; config?: Agent }, Agent]>([
  ["the lane's own", ["claude", "codex"], { lane: "claude", option: "codex", config: "codex" }, "claude"],
  ["--agent before the configuration", ["claude", "codex"], { option: "codex", config: "claude" }, "codex"],
  ["the configuration's", ["claude", "codex"], { config: "claude" }, "claude"],
  ["the only one installed", ["codex"], {}, "codex"],
])("the agent is %s", async (_, installed, { lane, option, config }, chosen) => {
  using sandbox = agentSandbox(installed, { "orch.config.jsonc": JSON.stringify({ agent: config }) });
  await sandbox.run(["init"]);
  await sandbox.lane("one", COMMITS, lane === undefined ? {} : { agent: lane });
  const ran = await sandbox.run(["execute", ...(option === undefined ? [] : ["--agent", option])]);
  expect(ran.stderr).toContain(`→ one  attempt 1 with ${chosen}`);
  expect(Object.keys(sandbox.recorded("one"))).toEqual([chosen]);
  expect(ran.code).toBe(0);
});

test("an agent that the configuration adds is the only one where none is installed, and one of several beside others", async () => {
  const robot = { "orch.config.jsonc": JSON.stringify({ agents: { robot: { command: COMMITS } } }) };
  using alone = agentSandbox([], robot);
  await alone.run(["init"]);
  await alone.run(["add-lane", "one", '{"tasks": ["make it"]}']);
  expect((await alone.run(["agents"])).stdout).toMatch(/^Lanes that name none get: robot$/m);
  expect(await alone.run(["execute"])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("attempt 1 with robot"),
  });
  using beside = agentSandbox(["claude"], robot);
  await beside.run(["init"]);
  await beside.run(["add-lane", "one", '{"tasks": ["make it"]}']);
  expect((await beside.run(["agents"])).stdout).toMatch(/^No agent is chosen/m);
  const refused = await beside.run(["execute"]);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("configured: claude, robot")]);
});

test.each<[string, readonly Agent[], readonly string[], string, RegExp]>([
  ["none is installed", [], [], "NO_AGENT", /lane "one", and none is installed or configured/],
  [
    "several are and none is chosen",
    ["claude", "codex"],
    [],
    "NO_AGENT",
    /several are installed or configured: claude, codex/,
  ],
  ["the one asked for is not installed", ["claude"], ["--agent", "codex"], "UNKNOWN_AGENT", /"codex".*not installed/],
  ["nobody knows the name", ["claude"], ["--agent", "nobody"], "UNKNOWN_AGENT", /"nobody" is not known/],
])("when %s nothing starts and the lanes stay as they are", async (_, installed, options, code, says) => {
  using sandbox = agentSandbox(installed);
  await sandbox.run(["init"]);
  await sandbox.lane("one", COMMITS);
  const ran = await sandbox.run(["execute", ...options]);
  expect(ran.stderr).toContain(`error[${code}]`);
  expect(ran.stderr).toMatch(says);
  expect(ran.stderr).toMatch(/^hint: /m);
  expect(ran.code).toBe(3);
  expect(sandbox.recorded("one")).toEqual({});
  expect(ran.stderr).toMatch(/lane "one"/);
  const { stdout } = await sandbox.run(["why", "one"]);
  expect(stdout).toMatch(code === "NO_AGENT" ? /has no agent: No agent is chosen.*\nNext: orch agents/ : /can start/);
});

const SURROUNDINGS = {
  ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
  ANTHROPIC_API_KEY: "key-of-anthropic",
  OPENAI_API_KEY: "key-of-openai",
  CODEX_HOME: "/nowhere/codex",
  GITHUB_TOKEN: "not-for-agents",
  GIT_DIR: "/nowhere",
  NODE_OPTIONS: "",
};

test("claude may edit, use git and run the verify commands; it gets its own settings and no secret of others", async () => {
  using sandbox = agentSandbox(["claude"]);
  await sandbox.run(["init"]);
  await sandbox.lane("one", COMMITS, { verify: ["test -f made.txt"] });
  expect((await sandbox.run(["execute"], SURROUNDINGS)).code).toBe(0);
  const { argv, env, stdin } = sandbox.recorded("one").claude!;
  expect(argv.slice(0, 6)).toEqual([
    "-p",
    "--output-format",
    "stream-json",
    "--verbose",
    "--permission-mode",
    "acceptEdits",
  ]);
  expect(argv).toEqual(expect.arrayContaining(["Read", "Bash(git:*)", "Bash(test -f made.txt:*)"]));
  expect(env).toMatchObject({ ANTHROPIC_BASE_URL: "http://127.0.0.1:9", ANTHROPIC_API_KEY: "key-of-anthropic" });
  expect(env).toMatchObject({ ORCH_LANE: "one", PWD: join(sandbox.repo.path, ".worktrees", "agent-one") });
  for (const name of ["OPENAI_API_KEY", "CODEX_HOME", "GITHUB_TOKEN", "GIT_DIR", "NODE_OPTIONS"])
    expect(env).not.toHaveProperty(name);
  expect(stdin).toContain("the work is committed on this branch");
  expect(stdin).toContain("succeed:\n  - test -f made.txt\n");
  expect(env["ORCH_PROMPT"]).toBe(stdin);
});

test("codex works in its sandbox and is told not to commit; it gets its own settings and no secret of others", async () => {
  using sandbox = agentSandbox(["codex"]);
  await sandbox.run(["init"]);
  await sandbox.lane("one", "echo 1 > made.txt");
  expect((await sandbox.run(["execute"], SURROUNDINGS)).code).toBe(0);
  const { argv, env, stdin } = sandbox.recorded("one").codex!;
  const worktree = join(sandbox.repo.path, ".worktrees", "agent-one");
  expect(argv.slice(0, 6)).toEqual(["exec", "--json", "-C", worktree, "-s", "workspace-write"]);
  expect(argv.at(-1)).toBe("-");
  expect(env).toMatchObject({ OPENAI_API_KEY: "key-of-openai", CODEX_HOME: "/nowhere/codex" });
  expect(env).not.toHaveProperty("ANTHROPIC_API_KEY");
  expect(stdin).toContain("do not commit");
});

test("what codex leaves is committed for it: tracked, untracked and deleted, not ignored, without hooks", async () => {
  using sandbox = agentSandbox(["codex"], { "a.txt": "a\n", "gone.txt": "g\n", ".gitignore": "*.log\n" });
  sandbox.repo.git(["config", "core.hooksPath", "hooks"]);
  sandbox.repo.write({ "hooks/pre-commit": `#!/bin/sh\ntouch '${sandbox.repo.path}/../hook-ran'\nexit 1\n` });
  sandbox.repo.git(["add", "-A"]);
  sandbox.repo.git(["update-index", "--chmod=+x", "hooks/pre-commit"]);
  sandbox.repo.git(["-c", "core.hooksPath=/dev/null", "commit", "-qm", "hooks"]);
  sandbox.repo.git(["checkout", "-q", "--", "."]);
  await sandbox.run(["init"]);
  await sandbox.lane("one", 'echo b >> a.txt; mkdir sub; echo n > "sub/ä new.txt"; rm gone.txt; echo l > x.log', {
    name: `A title ${"so long ".repeat(20)}`,
  });
  expect((await sandbox.run(["execute"])).stderr).toContain("completed, 3 files changed");
  const show = (...args: readonly string[]) => sandbox.repo.git(["-c", "core.quotePath=false", "show", ...args]);
  expect(show("--format=", "--name-status", "lane-one").split("\n")).toEqual([
    "M\ta.txt",
    "D\tgone.txt",
    "A\tsub/ä new.txt",
  ]);
  expect(show("-s", "--format=%an %s", "lane-one")).toMatch(/^Ada Tester A title so long .{40,55}…$/);
  expect(existsSync(join(sandbox.repo.path, "..", "hook-ran"))).toBe(false);
  expect(await sandbox.run(["merge"])).toMatchObject({ code: 0 });
  expect(sandbox.repo.read("sub/ä new.txt")).toBe("n\n");
});

test("an agent that commits itself and leaves something uncommitted is not done", async () => {
  using sandbox = agentSandbox(["claude"], { "orch.config.jsonc": '{ "attempts": 1 }' });
  await sandbox.run(["init"]);
  const denied = '{"type":"system","subtype":"permission_denied","tool_name":"Bash","message":"needs approval"}';
  await sandbox.lane("one", `echo '${denied}'; echo 1 > made.txt`);
  expect((await sandbox.run(["execute"])).code).toBe(1);
  const { stdout } = await sandbox.run(["why", "one"]);
  expect(stdout).toMatch(
    /uncommitted work in .*made\.txt; 1 tool call was not permitted, the last: Bash: needs approval/,
  );
});

test("a bypass is used only when it was accepted, and is printed at every start", async () => {
  using sandbox = agentSandbox(["claude", "codex"], { "orch.config.jsonc": '{ "agent": "claude" }' });
  await sandbox.run(["init"]);
  sandbox.repo.commit("bypass", { "orch.config.jsonc": '{ "agent": "claude", "permissions": "bypass" }' });
  await sandbox.lane("graded", COMMITS);
  const first = await sandbox.run(["execute"]);
  expect(first.stderr).toContain("not used: permissions");
  expect(first.stderr).not.toContain("may do everything");
  expect(sandbox.recorded("graded").claude?.argv).toContain("acceptEdits");

  await sandbox.run(["doctor", "--accept"]);
  await sandbox.lane("one", COMMITS);
  await sandbox.lane("two", COMMITS, { agent: "codex" });
  await sandbox.lane("three", COMMITS, { command: COMMITS });
  const second = await sandbox.run(["execute"]);
  expect(second.stderr).toContain('! one  claude may do everything: "permissions" is "bypass"');
  expect(second.stderr).toContain('! two  codex may do everything: "permissions" is "bypass"');
  expect(second.stderr).not.toContain("! three");
  expect(sandbox.recorded("one").claude?.argv).toContain("bypassPermissions");
  expect(sandbox.recorded("two").codex?.argv).toContain("--dangerously-bypass-approvals-and-sandbox");
  expect(sandbox.recorded("two").codex?.stdin).toContain("the work is committed on this branch");
});

test("an agent that its service refuses is ended, says why and is not tried again", async () => {
  using sandbox = agentSandbox(["claude"]);
  await sandbox.run(["init"]);
  const refusal =
    '{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"error_status":401,"error":"authentication_failed"}';
  await sandbox.lane("one", `for i in 1 2 3; do echo '${refusal}'; done; sleep 600`);
  const ran = await sandbox.run(["execute"]);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/✗ one {2}the service refused the agent \(status 401, authentication_failed.*logged in$/m);
  expect(sandbox.recorded("one").claude?.starts).toBe(1);
  expect((await sandbox.run(["why", "one"])).stdout).toContain('Lane "one" failed: the service refused');
});

test("a reached usage limit is told and waited for, then the lane goes on", async () => {
  using sandbox = agentSandbox(["claude"]);
  await sandbox.run(["init"]);
  const limit = `{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":%s,"rateLimitType":"five_hour"}}\\n`;
  const result = '{"type":"result","subtype":"success","is_error":true,"result":"You hit your 5-hour limit"}';
  const reach = `printf '${limit}' $(($(date +%s) + 3)); echo '${result}'; exit 1`;
  await sandbox.lane("one", `[ -e tried ] || { touch tried; ${reach}; }; rm tried; ${COMMITS}`);
  const ran = await sandbox.run(["execute"]);
  expect(ran.stderr).toMatch(
    /✗ one {2}the agent did not succeed: exit code 1: You hit your 5-hour limit.*it is tried again after \d{4}-.*Z/m,
  );
  expect(ran.code).toBe(0);
  expect(sandbox.recorded("one").claude?.starts).toBe(2);
});

test("orch logs tells an agent's work as a person reads it, nothing twice; --json gives the typed events", async () => {
  using sandbox = agentSandbox(["claude"]);
  await sandbox.run(["init"]);
  const says = (content: object) => `echo '${JSON.stringify({ type: "assistant", message: { content: [content] } })}'`;
  const told = [
    says({ type: "text", text: "I make it." }),
    says({ type: "tool_use", name: "Bash", input: { command: "make it" } }),
    says({ type: "text", text: "All done." }),
  ];
  await sandbox.lane("one", `${told.join("; ")}; ${COMMITS}`);
  await sandbox.run(["execute"]);
  expect((await sandbox.run(["logs", "one"])).stdout.split("\n")).toEqual([
    "session session-1, model-1",
    "I make it.",
    "→ Bash make it",
    "All done.",
    "30 tokens in, 4 out, $0.5000",
    "✓ ended its turn",
    "",
  ]);
  const { events } = JSON.parse((await sandbox.run(["logs", "one", "--json"])).stdout);
  expect(events.map(({ type }: { type: string }) => type)).toEqual([
    "session",
    "text",
    "toolCall",
    "text",
    "cost",
    "result",
  ]);
  expect((await sandbox.run(["status"])).stdout).toMatch(/one +completed +claude/);
});
