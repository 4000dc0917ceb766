import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { completeTask, flagsOf, releaseTask, restack, startTask, whyTask } from "../../src/tasks/index.ts";
import { changePr } from "../../src/tasks/pull-requests.ts";
import { crew, named, SPEC } from "./crew.ts";

const TASKS = `# Tasks

## Layer 1: Foundation
- [ ] T031 @claude RunRecord model
      Dependencies: None
      Blocks: T038
- [ ] T032 @claude StepRecord model
      Dependencies: None

## Layer 2: Infrastructure
- [ ] T038 @copilot HTTP client
      Dependencies: T031, T032 (REQUIRED before starting)
`;

test("a task starts on its dependencies' unmerged code", async () => {
  await using orbit = await crew(TASKS);
  const claude = await orbit.member("claude");
  const qwen = await orbit.member("qwen");
  const copilot = await orbit.member("copilot");

  await startTask(claude.desk, named("T031"));
  claude.commit({ "run.ts": "export const run = 1;\n" });
  expect(
    await completeTask(claude.desk, named("T031"), { pr: { number: 123, status: "pending_review" } }),
  ).toMatchObject({
    unblocked: [],
  });
  await startTask(qwen.desk, named("T032"));
  await expect(startTask(copilot.desk, named("T038"))).rejects.toMatchObject({
    code: "TASK_NOT_AVAILABLE",
    message: expect.stringMatching(/^T038 is blocked by T032 \(in progress by @qwen, \d+ s\)\.$/),
  });
  qwen.commit({ "step.ts": "export const step = 1;\n" });
  expect((await completeTask(qwen.desk, named("T032"))).unblocked).toEqual(["T038"]);

  const started = await startTask(copilot.desk, named("T038"));
  expect(started).toMatchObject({ kind: "started", epoch: 1 });
  expect(started.kind === "started" && started.came.map(({ task, agent }) => [task, agent])).toEqual([
    ["T031", "claude"],
    ["T032", "qwen"],
  ]);
  expect(existsSync(join(copilot.path, "run.ts")) && existsSync(join(copilot.path, "step.ts"))).toBe(true);
  expect(copilot.git("status", "--porcelain")).toBe("");
  copilot.commit({ "http.ts": "export const http = 1;\n" });
  expect((await completeTask(copilot.desk, named("T038"))).contains.toSorted()).toEqual(["T031", "T032"]);

  const file = join(orbit.garden.repo.path, `specs/${SPEC}/agent-tasks/.progress.json`);
  const view = () => JSON.parse(readFileSync(file, "utf8"));
  // Whoever writes the view at that moment looks again before it leaves; nobody has to wait for it.
  await until("the view holds the last record", () => view().tasks.T038.status === "completed");
  expect(view().tasks.T031).toMatchObject({
    status: "completed",
    agent: "claude",
    worktree: "claude",
    pr: "#123",
    pr_status: "pending_review",
  });
  expect(view().layers).toMatchObject({
    1: { status: "completed", completed: 2, total: 2 },
    2: { status: "completed" },
  });
  expect(orbit.garden.repo.git(["status", "--porcelain"])).toBe("");
});

test("an amended dependency is told and put in its place; a rejected one is taken out and comes back", async () => {
  await using orbit = await crew(TASKS);
  const claude = await orbit.member("claude");
  const copilot = await orbit.member("copilot");
  for (const [task, file] of [
    ["T031", "run.ts"],
    ["T032", "step.ts"],
  ] as const) {
    await startTask(claude.desk, named(task));
    claude.commit({ [file]: `export const it = "${task}";\n` }, task);
    await completeTask(claude.desk, named(task));
  }
  await startTask(copilot.desk, named("T038"));
  copilot.commit({ "http.ts": "export const http = 1;\n" });
  await completeTask(copilot.desk, named("T038"));

  claude.commit({ "step.ts": 'export const it = "T032, better";\n' }, "fix");
  claude.git("reset", "-q", "--soft", "HEAD~2");
  claude.git("commit", "-qm", "T032");
  // Any writing command sees it.
  const seen = await restack(copilot.desk, "go");
  expect(seen).toMatchObject({ kind: "restacked", replaced: [{ task: "T032", why: "replaced" }] });
  expect(readFileSync(join(copilot.path, "step.ts"), "utf8")).toContain("better");
  expect((await orbit.task("T038"))?.work?.commit).toBe(copilot.git("rev-parse", "HEAD"));

  await changePr(claude.desk, named("T031"), { pr: { status: "rejected" } });
  expect((await orbit.task("T031"))?.state).toBe("changes_requested");
  const { worktree } = copilot.desk.asker.place;
  expect(flagsOf(await orbit.progress(), worktree)).toMatchObject([{ task: "T031", why: "rejected", restack: true }]);
  expect(await restack(copilot.desk, "go")).toMatchObject({ kind: "restacked" });
  expect(existsSync(join(copilot.path, "run.ts"))).toBe(false);
  expect(existsSync(join(copilot.path, "http.ts"))).toBe(true);
  expect(flagsOf(await orbit.progress(), worktree)).toEqual([]);

  await changePr(claude.desk, named("T031"), { pr: { status: "approved" } });
  expect(flagsOf(await orbit.progress(), worktree)).toMatchObject([{ task: "T031", why: "accepted" }]);
  await restack(copilot.desk, "go");
  expect(readFileSync(join(copilot.path, "run.ts"), "utf8")).toContain("T031");
  expect(await restack(copilot.desk, "go")).toMatchObject({ kind: "nothing" });
  expect(copilot.git("status", "--porcelain")).toBe("");
});

test("a conflict leaves the worktree as it was and takes no claim; resolved by hand, the start goes on", async () => {
  await using orbit = await crew(TASKS, { files: { "shared.ts": "one\n" } });
  const claude = await orbit.member("claude");
  const qwen = await orbit.member("qwen");
  const copilot = await orbit.member("copilot");
  await startTask(claude.desk, named("T031"));
  claude.commit({ "shared.ts": "claude\n" });
  await completeTask(claude.desk, named("T031"));
  await startTask(qwen.desk, named("T032"));
  qwen.commit({ "shared.ts": "qwen\n" });
  await completeTask(qwen.desk, named("T032"));
  const before = copilot.git("rev-parse", "HEAD");
  expect(await startTask(copilot.desk, named("T038"))).toMatchObject({
    kind: "conflicted",
    with: "T032",
    files: ["shared.ts"],
  });
  expect(copilot.git("rev-parse", "HEAD")).toBe(before);
  expect((await orbit.task("T038"))?.claim).toBeUndefined();

  const offered = await startTask(copilot.desk, named("T038"), { resolve: "hand" });
  const folder = offered.kind === "conflicted" ? offered.resolve?.path : undefined;
  expect(folder).toBe(join(orbit.garden.repo.path, ".worktrees/resolve-t038"));
  expect(await startTask(copilot.desk, named("T038"))).toMatchObject({ kind: "conflicted", resolve: { path: folder } });
  const inside = { ...copilot, path: folder! };
  const git = (...args: string[]) => orbit.garden.repo.git(["-C", inside.path, ...args]);
  writeFileSync(join(folder!, "shared.ts"), "both\n");
  git("add", "-A");
  git("-c", "core.editor=true", "commit", "-q");
  expect(await startTask(copilot.desk, named("T038"))).toMatchObject({ kind: "started" });
  expect(readFileSync(join(copilot.path, "shared.ts"), "utf8")).toBe("both\n");
  expect(existsSync(folder!)).toBe(false);
  const now = new Date().toISOString();
  expect(whyTask(await orbit.progress(), named("T038"), { now }).sentence).toMatch(/^T038 is in progress by @copilot/);
});

const CHAIN = `## Layer 1: All
- [ ] T001 first
      Dependencies: None
- [ ] T002 second
      Dependencies: T001
- [ ] T003 third
      Dependencies: T002
`;

test("rejecting what was restacked takes out its own patch alone, and not the dependency's change", async () => {
  await using orbit = await crew(CHAIN);
  const members = new Map<string, Awaited<ReturnType<typeof orbit.member>>>();
  for (const [task, agent] of [
    ["T001", "one"],
    ["T002", "two"],
    ["T003", "three"],
  ] as const) {
    const member = await orbit.member(agent, { from: "main" });
    await startTask(member.desk, named(task));
    member.commit({ [`${agent}.txt`]: `${agent}\n` }, task);
    await completeTask(member.desk, named(task));
    members.set(agent, member);
  }
  const [one, two, three] = [members.get("one")!, members.get("two")!, members.get("three")!];
  writeFileSync(join(one.path, "one.txt"), "one, better\n");
  one.git("commit", "-qa", "--amend", "-m", "T001");
  await restack(two.desk, "go");
  await restack(three.desk, "go");
  await changePr(two.desk, named("T002"), { pr: { status: "rejected" } });
  await restack(three.desk, "go");
  expect(readFileSync(join(three.path, "one.txt"), "utf8")).toBe("one, better\n");
  expect(existsSync(join(three.path, "two.txt"))).toBe(false);
  expect(existsSync(join(three.path, "three.txt"))).toBe(true);
});

test("rejecting what was rebased takes out its own patch alone, and not what the base gained", async () => {
  await using orbit = await crew(CHAIN);
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await startTask(one.desk, named("T001"));
  one.commit({ "one.txt": "1\n" }, "T001, first half");
  one.commit({ "one.txt": "2\n" }, "T001, second half");
  await completeTask(one.desk, named("T001"));
  await startTask(two.desk, named("T002"));
  two.commit({ "two.txt": "two\n" }, "T002");
  orbit.garden.repo.commit("the base goes on", { "base.txt": "base\n" });
  one.git("rebase", "-q", "main");
  await restack(two.desk, "go");
  expect(existsSync(join(two.path, "base.txt"))).toBe(true);
  await changePr(one.desk, named("T001"), { pr: { status: "rejected" } });
  await restack(two.desk, "go");
  expect(existsSync(join(two.path, "one.txt"))).toBe(false);
  expect(readFileSync(join(two.path, "base.txt"), "utf8")).toBe("base\n");
});

test("work that was rejected and done again is taken out whole", async () => {
  await using orbit = await crew(CHAIN);
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await startTask(one.desk, named("T001"));
  one.commit({ "one.txt": "bad\n" }, "T001");
  await completeTask(one.desk, named("T001"));
  await changePr(one.desk, named("T001"), { pr: { status: "rejected" } });
  await startTask(one.desk, named("T001"));
  one.commit({ "more.txt": "better\n" }, "T001 again");
  await completeTask(one.desk, named("T001"));
  await startTask(two.desk, named("T002"));
  expect(existsSync(join(two.path, "one.txt")) && existsSync(join(two.path, "more.txt"))).toBe(true);
  await changePr(one.desk, named("T001"), { pr: { status: "rejected" } });
  await restack(two.desk, "go");
  expect(existsSync(join(two.path, "one.txt")) || existsSync(join(two.path, "more.txt"))).toBe(false);
});

test("what was committed for a claim that was given back counts for the next one in the same worktree", async () => {
  await using orbit = await crew(CHAIN);
  const one = await orbit.member("one");
  await startTask(one.desk, named("T001"));
  one.commit({ "one.txt": "one\n" }, "T001");
  await releaseTask(one.desk, named("T001"), { reason: "the session ended" });
  await startTask(one.desk, named("T001"));
  expect(await completeTask(one.desk, named("T001"))).toMatchObject({ task: "T001", repeated: false });
});

test("what was taken out stays out while an older commit comes along with another's, and is put back when it is accepted", async () => {
  await using orbit = await crew(TASKS);
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await one.finish("T031", { "run.ts": "T031\n" });
  await one.finish("T032", { "step.ts": "T032\n" });
  await startTask(two.desk, named("T038"));
  writeFileSync(join(one.path, "step.ts"), "better\n");
  one.git("commit", "-qa", "--amend", "-m", "T032");
  await changePr(one.desk, named("T031"), { pr: { status: "rejected" } });
  await restack(two.desk, "go");
  const { worktree } = two.desk.asker.place;
  expect(existsSync(join(two.path, "run.ts"))).toBe(false);
  expect(readFileSync(join(two.path, "step.ts"), "utf8")).toBe("better\n");
  expect(flagsOf(await orbit.progress(), worktree)).toEqual([]);
  await changePr(one.desk, named("T031"), { pr: { status: "approved" } });
  expect(flagsOf(await orbit.progress(), worktree)).toMatchObject([{ task: "T031", why: "accepted" }]);
  await restack(two.desk, "go");
  expect(readFileSync(join(two.path, "run.ts"), "utf8")).toBe("T031\n");
  expect(flagsOf(await orbit.progress(), worktree)).toEqual([]);
});

test.each(["reset", "rebase", "another branch"])(
  "after a %s the dependencies that were left behind come in again",
  async (how) => {
    await using orbit = await crew(TASKS);
    const one = await orbit.member("one");
    const two = await orbit.member("two");
    await one.finish("T031", { "run.ts": "T031\n" });
    await one.finish("T032", { "step.ts": "T032\n" });
    await startTask(two.desk, named("T038"));
    const base = orbit.garden.repo.commit("the base goes on", { "base.txt": "base\n" });
    if (how === "reset") two.git("reset", "-q", "--hard", base);
    else if (how === "rebase") two.git("rebase", "-q", "main");
    else two.git("checkout", "-q", "-b", "other", base);
    one.commit({ "more.ts": "more\n" }, "T032 goes on");
    one.git("reset", "-q", "--soft", "HEAD~2");
    one.git("commit", "-qm", "T032");
    expect(await restack(two.desk, "go")).toMatchObject({ kind: "restacked" });
    for (const file of ["run.ts", "step.ts", "more.ts", "base.txt"])
      expect(existsSync(join(two.path, file))).toBe(true);
    expect(flagsOf(await orbit.progress(), two.desk.asker.place.worktree)).toEqual([]);
    two.commit({ "http.ts": "http\n" });
    expect((await completeTask(two.desk, named("T038"))).contains.toSorted()).toEqual(["T031", "T032"]);
  },
);

test("a claim whose worktree is gone is free at once; one whose worktree was moved is not", async () => {
  await using orbit = await crew(TASKS);
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await startTask(one.desk, named("T031"));
  const moved = `${one.path} moved`;
  orbit.garden.repo.git(["worktree", "move", one.path, moved]);
  await expect(startTask(two.desk, named("T031"))).rejects.toMatchObject({ code: "TASK_TAKEN" });
  orbit.garden.repo.git(["worktree", "remove", "--force", moved]);
  expect(await startTask(two.desk, named("T031"))).toMatchObject({ kind: "started", tookOver: { agent: "one" } });
});

test("in the worktree of a conflict no task is started", async () => {
  await using orbit = await crew(TASKS, { files: { "shared.ts": "one\n" } });
  await (await orbit.member("one")).finish("T031", { "shared.ts": "by one\n" });
  await (await orbit.member("two")).finish("T032", { "shared.ts": "by two\n" });
  const three = await orbit.member("three");
  const offered = await startTask(three.desk, named("T038"), { resolve: "hand" });
  const path = offered.kind === "conflicted" ? (offered.resolve?.path ?? "") : "";
  const inside = await orbit.again({ ...three, path });
  await expect(startTask(inside.desk, named("T038"))).rejects.toMatchObject({ code: "RESOLVE_WORKTREE" });
});
