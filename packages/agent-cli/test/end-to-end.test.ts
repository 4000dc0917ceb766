import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

const SEED = `# Tasks

## Layer 1: Foundation (BLOCKS Layer 2)
- [ ] T031 @claude RunRecord model
- [ ] T032 @claude StepRecord model
- [ ] T033 @copilot Configuration model

## Layer 2: Infrastructure (needs Layer 1)
- [ ] T038 @claude HTTP client
      Dependencies: T031, T033
- [ ] T039 @copilot Retry logic
      Dependencies: T031
`;

let place: Sandbox | undefined;

afterEach(() => place?.[Symbol.dispose]());

test("the seed's story: T038 starts with its dependencies' code while their pull requests are open", async () => {
  place = await sandbox(SEED);
  const [claude, copilot] = [place.worktree("claude 001"), place.worktree("copilot 001")];
  const as = (agent: string, cwd: string) => ({
    tell: (...args: readonly string[]) => place!.ok(args, { cwd, agent }),
    run: (...args: readonly string[]) => place!.run(args, { cwd, agent }),
    commit: (file: string) => place!.repo.commit(file, { [file]: `${file}\n` }, cwd),
  });
  const [a, b] = [as("claude", claude), as("copilot", copilot)];

  expect(await a.tell("check-available-tasks", "001")).toContain("- T031 (no dependencies) RunRecord model");
  expect(await a.tell("start-task", "T031")).toMatch(/^T031 is started/);
  const refused = await b.run("start", "T039");
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(/T039 is blocked by T031 \(in progress by @claude, \d+ s\)/);
  expect(refused.stderr).toContain("Available to you: T033");

  a.commit("run-record.ts");
  expect(await a.tell("complete-task", "T031", "--pr", "123")).toMatch(/T031 is completed.*Now available: T039\./);
  await b.tell("start", "T033");
  b.commit("configuration.ts");
  expect(await b.tell("complete", "T033", "--pr", "124")).toContain("Now available: T038.");

  const started = await a.tell("start", "T038");
  expect(started).toMatch(/Brought in, because it depends on it: T033 by @copilot/);
  expect(place.repo.git(["ls-files"], { cwd: claude }).split("\n")).toEqual(
    expect.arrayContaining(["configuration.ts", "run-record.ts"]),
  );
  expect(await a.tell("layer-status", "001")).toBe(
    "Layer 1: 2/3 complete (66%) - Available: T032\nLayer 2: 0/2 complete (0%) - @claude finishing T038\n",
  );

  expect(await b.tell("pr", "T033", "--status", "rejected")).toContain("rejected");
  const told = await a.run("available-tasks");
  expect(told.stderr).toMatch(/^notice: T033 is rejected; .*orbit-agent restack$/m);
  const json = JSON.parse((await a.run("available-tasks", "--json")).stdout);
  expect(json.notices).toEqual([
    expect.objectContaining({ task: "T033", why: "rejected", hint: "orbit-agent restack" }),
  ]);
  expect(await a.tell("restack")).toMatch(/^In step again: T033 \(rejected\)/);
  expect(place.repo.git(["ls-files"], { cwd: claude })).not.toContain("configuration.ts");
  expect((await a.run("available-tasks")).stderr).toBe("");
  expect((await a.run("verify-deps", "T038")).code).toBe(3);
  await b.tell("pr", "T033", "--status", "approved");
  expect(await a.tell("restack")).toMatch(/^In step again: T033 \(accepted\)/);
  expect(place.repo.git(["ls-files"], { cwd: claude })).toContain("configuration.ts");
  expect(place.repo.git(["status", "--porcelain"])).toBe("");
});

test("of two shells that start the same task at once, one gets it and the other is told by whom", async () => {
  place = await sandbox("- [ ] T1 only one\n");
  const paths = [place.worktree("a"), place.worktree("b")];
  const rans = await Promise.all(paths.map((cwd, at) => place!.run(["start", "T1"], { cwd, agent: `agent-${at}` })));
  expect(rans.map(({ code }) => code).sort()).toEqual([0, 3]);
  const winner = rans.findIndex(({ code }) => code === 0);
  expect(rans[1 - winner]?.stderr).toMatch(new RegExp(`error\\[TASK_TAKEN\\]: T1 is held by @agent-${winner} since`));
});

test("every folder of every worktree shows the same progress", async () => {
  place = await sandbox("- [ ] T1 one\n- [ ] T2 two\n      Dependencies: T1\n", { "src/deep/a.ts": "" });
  const away = place.worktree("far away");
  await place.ok(["start", "T1"], { cwd: away, agent: "x" });
  mkdirSync(join(place.repo.path, "new folder"));
  const folders = [
    place.repo.path,
    join(place.repo.path, "src", "deep"),
    join(away, "src", "deep"),
    join(place.repo.path, "new folder"),
  ];
  for (const cwd of folders) {
    expect(await place.ok(["list-available", "--for", "x"], { cwd })).toMatch(
      /^Nothing is available for @x now\.\n\nIn progress by @x:\n- T1 \(\d+ \w+\)\n\nBlocked for @x:\n- T2 \(waiting for T1\)\n$/,
    );
  }
});

test("an edit of the task file counts at once, and a removed task that is held is not dropped", async () => {
  place = await sandbox("- [ ] T1 one\n");
  const cwd = place.worktree("w");
  await place.ok(["start", "T1"], { cwd, agent: "x" });
  place.repo.write({ "specs/001-orbit/agent-tasks/layered-tasks.md": "- [ ] T2 two\n" });
  expect(await place.ok(["list-available"], { cwd, agent: "x" })).toContain("- T2 (no dependencies)");
  expect(await place.ok(["why", "T1"], { cwd })).toContain("does not define it any more");
  expect(await place.ok(["supervise"])).toContain("Not in the file any more: T1 (in progress)");
});

test("a task is named, started, kept alive, talked about, given back, given up and taken back", async () => {
  place = await sandbox("- [ ] T1 one\n- [ ] T2 two\n      Dependencies: T1\n");
  const cwd = place.worktree("w");
  const tell = (...args: readonly string[]) => place!.ok(args, { cwd, agent: "x" });
  expect(await tell("next")).toBe("Next for @x: T1 one, 1 in a row wait behind it.\nNext: orbit-agent start T1\n");
  expect(await tell("next", "--start")).toMatch(/^T1 is started/);
  expect(await tell("start", "T1")).toMatch(/^T1 is yours already/);
  expect(await tell("heartbeat")).toBe("Sign of life given for T1.\n");
  expect(await tell("block", "T1", "--reason", "a decision")).toContain("waits for: a decision");
  expect(await tell("why", "T2")).toContain("waiting for: a decision");
  expect(await tell("note", "T1", "ids", "are", "ULIDs")).toBe("Noted beside T1.\n");
  expect(await tell("release", "T1")).toBe("T1 is free again.\n");
  await tell("start", "T1");
  expect(await tell("fail", "T1", "--reason", "no API", "--cancel")).toContain("T1 is cancelled");
  expect(await tell("reopen", "T1")).toBe("T1 is open again.\n");
  await tell("start", "T1");
  expect(await tell("complete", "T1", "--no-code", "--reason", "was there")).toMatch(
    /completed, without code\. Now available: T2/,
  );
  expect(await tell("tracker", "get", "version")).toBe("1.0.0\n");
});

test("what is wrong in the task file is said with its line by the supervisor's report", async () => {
  place = await sandbox("- [ ] T1 one\n- [ ] T2 two\n      Dependencies: T99\n");
  expect(await place.ok(["supervise"])).toMatch(/^specs\/001-orbit\/agent-tasks\/layered-tasks\.md:[23]:\d+: .*T99/m);
  expect(JSON.parse(await place.ok(["supervise", "--json"])).findings).toHaveLength(1);
});

test("every command has help with an example, and help is no failure", async () => {
  place = await sandbox("- [ ] T1 one\n");
  const { stdout, code } = await place.run(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("layer-status");
  for (const name of [...stdout.matchAll(/^ {2}([a-z][a-z-]*)[ |]/gm)].map(([, word]) => word ?? "")) {
    if (name === "help") continue;
    const ran = await place.run([name, "--help"]);
    expect([name, ran.code, ran.stdout.includes("Example:\n  orbit-agent ")]).toEqual([name, 0, true]);
  }
  expect((await place.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
