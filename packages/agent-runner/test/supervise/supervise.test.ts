import { existsSync, readFileSync, rmdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { attemptFiles, readAttempt, requestStop } from "../../src/index.ts";
import { testAttempt } from "../support/attempt.ts";

test("an agent gets its prompt, its output becomes events, its exit code is told", async () => {
  await using attempt = await testAttempt({ command: 'cat; echo "to stderr" >&2; exit 3' });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 3, signal: null });
  expect(attempt.told().map((one) => one.port)).toEqual(["started", "agentStarted", "ended"]);
  expect(await attempt.text()).toContain("the prompt");
  expect(await attempt.text()).toContain("to stderr");
});

test("a command with arguments gets them unchanged, a line gets a shell, both the working folder and environment", async () => {
  const odd = "a  b'c\"d$HOME;*\n";
  await using words = await testAttempt({ command: ["printf", "%s|", odd, "x"], stdin: "none" });
  await using line = await testAttempt({ command: "pwd; echo $ORCH_ATTEMPT; cat", stdin: "none" });
  await Promise.all([words.start(), line.start()]);
  await Promise.all([words.ended(), line.ended()]);
  expect(readFileSync(attemptFiles(words.folder).raw, "utf8")).toBe(`${odd}|x|`);
  expect(readFileSync(attemptFiles(line.folder).raw, "utf8")).toBe(`${line.cwd}\n${line.plan.token}\n`);
});

test("the environment of the agent is the plan's and nothing else", async () => {
  await using attempt = await testAttempt({
    command: ["env"],
    stdin: "none",
    env: { PATH: "/usr/bin:/bin", ONLY: "this" },
  });
  await attempt.start({ SECRET_OF_THE_SUPERVISOR: "x" });
  await attempt.ended();
  const names = readFileSync(attemptFiles(attempt.folder).raw, "utf8")
    .split("\n")
    .map((line) => line.split("=")[0] ?? "");
  const shells = ["PWD", "OLDPWD", "SHLVL", "_", ""];
  expect(names.filter((name) => !shells.includes(name)).sort()).toEqual(["ONLY", "ORCH_ATTEMPT", "PATH"]);
});

test("all that is kept of an attempt is for its user's eyes only", async () => {
  await using attempt = await testAttempt({ command: "echo out; echo err >&2" });
  await attempt.start();
  await attempt.ended();
  const files = attemptFiles(attempt.folder);
  for (const path of [
    files.plan,
    files.agent,
    files.gate,
    files.exit,
    files.raw,
    files.rawErrors,
    files.events,
    files.supervisor(1),
  ]) {
    expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600]);
  }
  expect(statSync(attempt.folder).mode & 0o777).toBe(0o700);
});

test("an agent that a signal ended is told as signalled", async () => {
  await using attempt = await testAttempt({ command: "kill -KILL $$" });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "signalled", code: null, signal: "SIGKILL" });
});

test("a refused start starts no agent and writes no end", async () => {
  await using attempt = await testAttempt({ command: "echo ran > ran.txt" });
  const supervisor = await attempt.start({ REFUSE: "started" });
  await until("it is gone", () => !existsSync(`/proc/${supervisor.pid}`));
  expect(existsSync(join(attempt.cwd, "ran.txt"))).toBe(false);
  expect(await readAttempt(attempt.folder)).not.toHaveProperty("end");
  expect(attempt.told().map((one) => one.port)).toEqual(["started"]);
});

test("of two supervisors of one attempt only one starts the agent", async () => {
  await using attempt = await testAttempt({ command: "echo ran >> ran.txt" });
  await Promise.all([attempt.start(), attempt.start(), attempt.start()]);
  await attempt.ended();
  expect(readFileSync(join(attempt.cwd, "ran.txt"), "utf8")).toBe("ran\n");
  expect(attempt.told().filter((one) => one.port === "started")).toHaveLength(1);
});

test("a busy store is asked again until it answers", async () => {
  await using attempt = await testAttempt({ command: "true" });
  await attempt.start({ FAIL: "ended:3" });
  expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 0 });
});

test("a stop ends the tree, its reason is told, what it printed until then is in the log", async () => {
  await using attempt = await testAttempt({ command: "echo begun; sleep 600 & sleep 600" });
  await attempt.start();
  await until("it has begun", async () => (await attempt.text()).includes("begun"));
  await requestStop(attempt.folder, "the lane was given up");
  expect(await attempt.ended()).toMatchObject({ outcome: "stopped", reason: "the lane was given up" });
  expect(attempt.survivors()).toEqual([]);
});

test("a stop before the start: no agent ever runs", async () => {
  await using attempt = await testAttempt({ command: "echo ran > ran.txt" });
  await requestStop(attempt.folder, "changed my mind");
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "stopped", reason: "changed my mind", code: null });
  expect(existsSync(join(attempt.cwd, "ran.txt"))).toBe(false);
});

test("a supervisor that is told to end by SIGTERM ends its agent and tells so; SIGHUP and SIGINT do nothing", async () => {
  await using attempt = await testAttempt({ command: "sleep 600" });
  const supervisor = await attempt.start();
  await attempt.agent();
  process.kill(supervisor.pid, "SIGHUP");
  process.kill(supervisor.pid, "SIGINT");
  process.kill(supervisor.pid, "SIGTERM");
  expect(await attempt.ended()).toMatchObject({ outcome: "stopped" });
  expect(attempt.survivors()).toEqual([]);
});

test("what an agent leaves running when it ends is ended too", async () => {
  await using attempt = await testAttempt({ command: "setsid sleep 600 & sleep 600 & exit 0" });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 0 });
  expect(attempt.survivors()).toEqual([]);
});

test("an agent without output, processor time and changed files is ended as idle", async () => {
  await using attempt = await testAttempt({ command: "sleep 600", limits: { idleMs: 1000 } });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "idle" });
});

test.each([
  ["prints", "i=0; while [ $i -lt 12 ]; do echo .; sleep 0.25; i=$((i+1)); done"],
  ["computes", "end=$(($(date +%s)+4)); while [ $(date +%s) -lt $end ]; do :; done"],
  ["changes files", "i=0; mkdir deep; while [ $i -lt 12 ]; do echo $i > deep/file; sleep 0.25; i=$((i+1)); done"],
])("an agent that only %s is not idle", async (_what, command) => {
  await using attempt = await testAttempt({ command, limits: { idleMs: 2000 } });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 0 });
});

test("an agent past its time is ended, however busy it is", async () => {
  await using attempt = await testAttempt({ command: "while :; do echo busy; done", limits: { totalMs: 1000 } });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "overtime" });
  expect(attempt.survivors()).toEqual([]);
});

test("an end that nobody would record stays on disk", async () => {
  await using attempt = await testAttempt({ command: "true" });
  const supervisor = await attempt.start({ FAIL: "ended:1000" });
  const end = await until("the end is on disk", async () => (await readAttempt(attempt.folder)).end);
  expect(end).toMatchObject({ outcome: "exited", code: 0 });
  process.kill(supervisor.pid, "SIGKILL");
});

test.each<[string, string | readonly string[], RegExp]>([
  ["a program that is not in PATH", ["no-such-program-here"], /^ENOENT: .*"no-such-program-here" in PATH/],
  ["a path without a program", ["/no/such/program"], /^ENOENT: .*\/no\/such\/program/],
  ["a file that is no program", ["./plain.txt"], /^EACCES: .*plain\.txt/],
  ["arguments larger than the system takes", ["echo", "x".repeat(3_000_000)], /^E2BIG/],
  ["no command at all", [], /^EINVAL/],
])("%s is a spawn failure that says so", async (_what, command, reason) => {
  await using attempt = await testAttempt({ command });
  writeFileSync(join(attempt.cwd, "plain.txt"), "x");
  await attempt.start();
  const end = await attempt.ended();
  expect(end).toMatchObject({ outcome: "spawnFailed", code: null, signal: null });
  expect(end.reason).toMatch(reason);
});

test("a working folder or a prompt that is missing or cannot be looked at is a spawn failure that says so", async () => {
  await using folder = await testAttempt({ cwd: "/no/such/folder" });
  await using prompt = await testAttempt({ promptFile: "/no/such/prompt" });
  await using unseen = await testAttempt();
  rmdirSync(unseen.cwd);
  symlinkSync(unseen.cwd, unseen.cwd);
  await Promise.all([folder.start(), prompt.start(), unseen.start()]);
  expect((await unseen.ended()).reason).toContain(unseen.cwd);
  expect((await folder.ended()).reason).toContain("/no/such/folder");
  expect((await prompt.ended()).reason).toContain("/no/such/prompt");
});
