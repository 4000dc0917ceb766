import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, sandbox, TASK_FILE } from "./support/sandbox.ts";

let place: Sandbox;
let mine: string;
let theirs: string;

const TASKS = `## Layer 1: Ground
- [ ] T031 @claude RunRecord
- [ ] T032 @claude StepRecord
- [ ] T040 @claude Both specs have it
## Layer 2: More
- [ ] T038 @claude HTTP client
      Dependencies: T031
`;

beforeAll(async () => {
  place = await sandbox(TASKS, {
    "specs/002-a/layered-tasks.md": "- [ ] T040 the same id\n",
    "specs/002-b/layered-tasks.md": "- [ ] T041 another\n",
  });
  mine = place.worktree("my work");
  theirs = place.worktree("their work");
  await place.ok(["start", "T031"], { cwd: theirs, agent: "qwen" });
});

afterAll(() => place[Symbol.dispose]());

test.each<[readonly string[], string, number, RegExp]>([
  [["start", "T999"], "UNKNOWN_TASK", 2, /T999/],
  [["start", "../x"], "UNKNOWN_SPEC", 2, /"\.\."/],
  [["start", "T 1"], "BAD_ID", 2, /"T 1"/],
  [["start", "-T1"], "USAGE", 2, /-T1/],
  [["start", ""], "BAD_ID", 2, /empty/],
  [["start", "003/T031"], "UNKNOWN_SPEC", 2, /"003"/],
  [["start", "T040"], "AMBIGUOUS_TASK", 2, /001-orbit.*002-a/],
  [["layer-status", "002"], "AMBIGUOUS_SPEC", 2, /002-a.*002-b/],
  [["layer-status", "00"], "UNKNOWN_SPEC", 2, /"00"/],
  [["layer-status"], "AMBIGUOUS_SPEC", 2, /001-orbit/],
  [["supervise", "nowhere"], "UNKNOWN_SPEC", 2, /nowhere/],
  [["available-tasks", "nowhere"], "UNKNOWN_SPEC", 2, /nowhere/],
  [["why", "T999"], "UNKNOWN_TASK", 2, /T999/],
  [["start", "T038"], "TASK_NOT_AVAILABLE", 3, /T038 is blocked by T031 \(in progress by @qwen/],
  [["start", "T031"], "TASK_TAKEN", 3, /held by @qwen since .*their work/],
  [["complete", "T031"], "CLAIMED_ELSEWHERE", 3, /their work/],
  [["complete", "T032"], "TASK_NOT_CLAIMED", 3, /T032/],
  [["complete", "T031", "--pr", "0"], "BAD_PR", 2, /"0"/],
  [["complete", "T031", "--pr", "-1"], "BAD_PR", 2, /"-1"/],
  [["complete", "T031", "--pr", "1.5"], "BAD_PR", 2, /"1\.5"/],
  [["complete", "T031", "--pr", "ftp://x/pull/1"], "BAD_PR", 2, /ftp/],
  [["complete", "T031", "--pr", "http://"], "BAD_PR", 2, /http/],
  [["complete", "T031", "--no-code"], "USAGE", 2, /--reason/],
  [["complete", "T031", "--no-code", "--reason", " "], "USAGE", 2, /empty/],
  [["complete", "T031", "--no-code", "--reason", "x", "--commit", "abcd"], "USAGE", 2, /--commit/],
  [["fail", "T031"], "USAGE", 2, /--reason/],
  [["block", "T031"], "USAGE", 2, /--reason/],
  [["block", "T031", "--reason", "x"], "CLAIMED_ELSEWHERE", 3, /their work/],
  [["note", "T031"], "USAGE", 2, /text/],
  [["reopen", "T032"], "NOT_REOPENABLE", 3, /T032 is open/],
  [["pr", "T031", "--status", "great"], "BAD_CHOICE", 2, /"great"/],
  [["pr", "T031"], "USAGE", 2, /--status/],
  [["pr", "T032", "--status", "merged"], "NO_WORK_YET", 3, /T032/],
  [["start", "T032", "--resolve", "magic"], "BAD_CHOICE", 2, /magic/],
  [["start", "T032", "--agent", "not a name"], "BAD_AGENT_NAME", 2, /not a name/],
  [["available-tasks", "--agent", "a/b"], "BAD_AGENT_NAME", 2, /a\/b/],
  [["restack", "--continue"], "NOTHING_TO_CONTINUE", 3, /my work/],
  [["restack", "--abandon"], "NOTHING_TO_CONTINUE", 3, /my work/],
  [["restack", "--continue", "--abandon"], "USAGE", 2, /together/],
  [["tracker", "put"], "BAD_CHOICE", 2, /"put"/],
  [["tracker", "get", "no.where"], "NO_SUCH_FIELD", 2, /no\.where/],
  [["no-such-command"], "USAGE", 2, /no-such-command/],
  [["start"], "USAGE", 2, /missing required argument/],
  [["start", "T031", "T032"], "USAGE", 2, /too many arguments/],
  [["start", "T031", "--force"], "USAGE", 2, /--force/],
])("orbit-agent %j is refused by name and changes nothing", async (args, code, exitCode, says) => {
  const before = state();
  const ran = await place.run(args, { cwd: mine, agent: "claude" });
  expect(ran.stderr).toContain(`error[${code}]`);
  expect(ran.stderr).toMatch(says);
  expect(ran.stderr).toMatch(/^hint: /m);
  expect(ran.stdout).toBe("");
  expect(ran.code).toBe(exitCode);
  expect(state()).toEqual(before);
});

test("with --json an error is one object on stdout with code, sentence, hint and details", async () => {
  const ran = await place.run(["start", "T031", "--json"], { cwd: mine, agent: "claude" });
  expect(JSON.parse(ran.stdout)).toMatchObject({
    error: { code: "TASK_TAKEN", hint: expect.any(String), details: { task: "T031", agent: "qwen" } },
  });
  expect([ran.stderr, ran.code]).toEqual(["", 3]);
});

test("who acts has to say who it is, who reads has not", async () => {
  expect((await place.run(["start", "T032"], { cwd: mine })).stderr).toContain("error[NO_NAME]");
  expect(await place.ok(["available-tasks", "001"], { cwd: mine })).toContain("- T032 (no dependencies) StepRecord");
});

test("a dirty worktree is refused, naming the files, and no claim is taken", async () => {
  place.repo.write({ "left over.txt": "x" }, mine);
  const ran = await place.run(["start", "T032"], { cwd: mine, agent: "claude" });
  expect(ran.stderr).toMatch(/error\[DIRTY_WORKTREE\].*left over\.txt/);
  expect(ran.code).toBe(3);
  rmSync(join(mine, "left over.txt"));
  expect(await place.ok(["why", "T032"], { cwd: mine })).toContain("is available");
});

test("a folder that is no repository, a bare one and one without Orchard are told apart", async () => {
  using folder = temporaryFolder();
  const told = async (cwd: string) => (await place.run(["available-tasks"], { cwd })).stderr;
  expect(await told(folder.path)).toContain("error[NOT_A_REPOSITORY]");
  execFileSync("git", ["init", "-q", "--bare", "bare.git"], { cwd: folder.path });
  expect(await told(join(folder.path, "bare.git"))).toContain("error[BARE_REPOSITORY]");
  execFileSync("git", ["init", "-q", "plain"], { cwd: folder.path });
  expect(await told(join(folder.path, "plain"))).toContain("error[NOT_INITIALISED]");
});

test.each<[string, string | undefined]>([
  ["missing", undefined],
  ["empty", ""],
  ["binary", "\u0000\u0001\ufffd\u0000".repeat(1000)],
  ["prose", "Nothing to do here, only words.\n".repeat(60_000)],
  ["a circle", "- [ ] T1 a\n      Dependencies: T2\n- [ ] T2 b\n      Dependencies: T1\n"],
])("a task file that is %s harms nobody", async (what, text) => {
  using other = await sandbox("- [ ] T1 a\n");
  if (text === undefined) rmSync(join(other.repo.path, TASK_FILE));
  else other.repo.write({ [TASK_FILE]: text });
  const ran = await other.run(["layer-status"]);
  if (what === "a circle") expect(ran.stdout).toMatch(/0\/2 started - Blocked on T2, T1|Blocked on T1, T2/);
  expect(ran.stderr).not.toContain("INTERNAL");
  expect((await other.run(["available-tasks", "--json"])).stderr).not.toContain("INTERNAL");
});

test.skipIf(process.getuid?.() === 0)("a git folder that cannot be written is said, with the way out", async () => {
  using other = await sandbox("- [ ] T1 a\n");
  const path = other.worktree("sandboxed");
  const gitDir = join(other.repo.path, ".git", "worktrees", "sandboxed");
  chmodSync(gitDir, 0o500);
  const ran = await other.run(["start", "T1"], { cwd: path, agent: "x" });
  chmodSync(gitDir, 0o700);
  expect(ran.stderr).toMatch(/error\[(GIT_DIR_)?NOT_WRITABLE\].*\nhint: .*writable/);
  expect(ran.code).toBe(3);
});

/** What is on record of the tasks, as everybody can read it. */
function state(): unknown {
  return JSON.parse(place.repo.read(TASK_FILE.replace("layered-tasks.md", ".progress.json"))).tasks;
}
