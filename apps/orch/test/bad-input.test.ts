import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrchSandbox, orchSandbox } from "./orch-sandbox.ts";

let sandbox: OrchSandbox;

beforeAll(async () => {
  sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "known", '{"tasks": ["x"], "command": ["true"]}');
  await sandbox.ok("add-lane", "after", '{"tasks": ["x"], "command": ["true"], "dependsOn": ["known"]}');
  sandbox.repo.git(["branch", "lane-taken"]);
  mkdirSync(join(sandbox.repo.path, ".worktrees", "agent-taken-folder"), { recursive: true });
  writeFileSync(join(sandbox.repo.path, ".git", "lane.json"), '{\n  "tasks": ["ok"],\n  "prioritty": "high"\n}');
});

afterAll(() => sandbox[Symbol.dispose]());

const LONG = "a".repeat(300);

test.each<[readonly string[], string, number, RegExp]>([
  [["add-lane", "../x", "{}"], "BAD_ID", 2, /"\.\.\/x"/],
  [["add-lane", "--", "-x", "{}"], "BAD_ID", 2, /starts with '-'/],
  [["add-lane", "a..b", "{}"], "BAD_ID", 2, /'\.\.'/],
  [["add-lane", "HEAD", "{}"], "BAD_ID", 2, /HEAD/],
  [["add-lane", "head", "{}"], "BAD_ID", 2, /reserved/],
  [["add-lane", "x.lock", "{}"], "BAD_ID", 2, /\.lock/],
  [["add-lane", LONG, "{}"], "BAD_ID", 2, /300 characters/],
  [["add-lane", "__proto__", "{}"], "BAD_ID", 2, /reserved/],
  [["add-lane", "\u0430pi", "{}"], "BAD_ID", 2, /only a-z/],
  [["add-lane", "", "{}"], "BAD_ID", 2, /empty/],
  [["add-lane", "a", '{"tasks": ["x"'], "INVALID_INPUT", 2, /lane:1:\d+/],
  [["add-lane", "a", '{"tasks": "x"}'], "INVALID_INPUT", 2, /field "tasks"/],
  [["add-lane", "a", '{"task": []}'], "INVALID_INPUT", 2, /did you mean "tasks"/],
  [["add-lane", "a", '{"__proto__": {"x": 1}}'], "INVALID_INPUT", 2, /__proto__/],
  [["add-lane", "a", "@.git/lane.json"], "INVALID_INPUT", 2, /lane\.json:3:3: field "prioritty".*"priority"/],
  [["add-lane", "a", "@nowhere"], "INVALID_INPUT", 2, /nowhere/],
  [["add-lane", "a", '{"dependsOn": ["nobody"]}'], "UNKNOWN_DEPENDENCY", 2, /"nobody"/],
  [["add-lane", "a", '{"dependsOn": ["a"]}'], "DEPENDENCY_CYCLE", 2, /itself/],
  [["add-lane", "known", '{"dependsOn": ["after"]}', "--replace"], "DEPENDENCY_CYCLE", 2, /known.*after|after.*known/],
  [["add-lane", "known", "{}"], "LANE_EXISTS", 3, /"known"/],
  [["add-lane", "taken", "{}"], "BRANCH_TAKEN", 3, /lane-taken/],
  [["add-lane", "taken-folder", "{}"], "FOLDER_TAKEN", 3, /agent-taken-folder/],
  [["exec-lane", "after"], "LANE_BLOCKED", 3, /waits for "known"/],
  [["exec-lane", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["why", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["logs", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["diff", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["stop", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["retry", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["merge", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["merge", "--resolve", "hand"], "NOTHING_TO_RESOLVE", 3, /conflict/],
  [["log", "--lane", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["log", "--records", "--lane", "nobody"], "UNKNOWN_LANE", 2, /"nobody"/],
  [["undo", "merge-00000000"], "UNKNOWN_OPERATION", 2, /merge-00000000/],
  [["rescue", "restore", "nobody/1"], "UNKNOWN_RESCUE", 2, /nobody\/1/],
  [["reset"], "NEEDS_YES", 3, /yes/],
  [["execute", "--max-parallel", "0"], "USAGE", 2, /max-parallel/],
  [["no-such-command"], "USAGE", 2, /no-such-command/],
  [["setup", "wat"], "USAGE", 2, /'wat'\.\nhint: .*orch setup --help/],
  [["init", "--base", "lane-taken"], "BASE_DIFFERS", 3, /"main", not "lane-taken"/],
  [["add-lane"], "USAGE", 2, /missing required argument/],
])("orch %j is refused by name and changes nothing", async (args, code, exitCode, says) => {
  const before = await sandbox.ok("log", "-n", "100");
  const ran = await sandbox.orch(args);
  expect(ran.stderr).toContain(`error[${code}]`);
  expect(ran.stderr).toMatch(says);
  expect(ran.stderr).toMatch(/^hint: /m);
  expect(ran.stdout).toBe("");
  expect(ran.code).toBe(exitCode);
  expect(await sandbox.ok("log", "-n", "100")).toBe(before);
  expect(sandbox.repo.git(["status", "--porcelain"])).toBe("");
});

test("with --json an error is one object on stdout with code, sentence and hint", async () => {
  const ran = await sandbox.orch(["why", "nobody", "--json"]);
  expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: "UNKNOWN_LANE", hint: expect.any(String) } });
  expect(ran.code).toBe(2);
});

test("a folder that is no repository, a bare one, one without commits and one not set up are told apart", async () => {
  using folder = temporaryFolder();
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: folder.path, stdio: "ignore" });
  const refusal = async (args: readonly string[], cwd: string) => (await sandbox.orch(args, { cwd })).stderr;
  expect(await refusal(["init"], folder.path)).toContain("error[NOT_A_REPOSITORY]");
  git("init", "-q", "--bare", "bare.git");
  expect(await refusal(["init"], join(folder.path, "bare.git"))).toContain("error[BARE_REPOSITORY]");
  git("init", "-q", "-b", "main", "unborn");
  expect(await refusal(["init"], join(folder.path, "unborn"))).toContain("error[NO_COMMITS]");
  expect(await refusal(["status"], join(folder.path, "unborn"))).toContain("error[NOT_INITIALISED]");
});

test("a base branch that does not exist is refused, a detached HEAD asks for one", async () => {
  using other = orchSandbox();
  expect((await other.orch(["init", "--base", "nowhere"])).stderr).toContain("error[BASE_MISSING]");
  expect((await other.orch(["init", "--base", "-x"])).stderr).toContain("error[BAD_REF]");
  other.repo.git(["checkout", "-q", "--detach"]);
  expect((await other.orch(["init"])).stderr).toContain("error[DETACHED_HEAD]");
  expect(await other.ok("init", "--base", "main")).toContain("lanes land on main");
  expect(await other.ok("init")).toContain("nothing changed");
});

test("what is given has a largest size, and a device has no end", async () => {
  const ran = await sandbox.orch(["plan", "--from", "/dev/zero"]);
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/INVALID_INPUT.*larger than/)]);
});

test("an older git is named with the version that is needed", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "git"), "#!/bin/sh\necho git version 2.30.1\n", { mode: 0o755 });
  using other = orchSandbox();
  const ran = await other.orch(["init"], { env: { PATH: `${folder.path}:${process.env["PATH"]}` } });
  expect(ran.stderr).toMatch(/error\[GIT_TOO_OLD\].*2\.30\.1/);
  expect(ran.stderr).toContain("2.39");
  expect(ran.code).toBe(3);
});
