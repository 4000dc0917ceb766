import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { cleanUp, retryLane } from "../../src/index.ts";
import { garden, waitsFor } from "../harness.ts";
import { added, as, landed, operations, undo, VERIFY } from "./operations.ts";

test("a landing that nobody has seen is taken back: base, checkout and tracker are what they were, and it is pinned; taking that back lands it just as it was", async () => {
  await using g = await landed();
  const [before, after] = [g.at("main~1"), g.at("main")];
  const { merge } = await g.lane("a");
  const spoke = merge?.state === "landed" ? merge.evidence?.receipts.length : undefined;
  expect(spoke).toBe(1);
  const undone = await undo(g);
  expect(undone.plan.landing).toMatchObject({ how: "rewind", from: after, to: before });
  expect([g.at("main"), g.at("refs/orch/landed/main")]).toEqual([before, before]);
  expect(existsSync(join(g.repo.path, "a.txt"))).toBe(false);
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect(g.at(String(undone.rescue))).toBe(after);
  expect(await g.lane("a")).toMatchObject({ state: "completed", merge: undefined });
  const again = await undo(g);
  expect(again.plan.landing).toMatchObject({ how: "forward", to: after });
  expect(g.at("main")).toBe(after);
  expect(g.repo.read("a.txt")).toBe("a\n");
  expect(await g.lane("a")).toMatchObject({ merge: { state: "landed", commit: after, evidence: { receipts: [{}] } } });
  await undo(g);
  expect(await g.lane("a")).toMatchObject({ merge: undefined });
  expect(existsSync(join(g.repo.path, "a.txt"))).toBe(false);
  const { landed: anew } = await as(g, "merge", () => g.merge());
  expect(anew.map(({ lane }) => lane)).toEqual(["a"]);
  expect(g.repo.read("a.txt")).toBe("a\n");
});

test("what was pushed is never moved back: a verified commit takes it back, and one more takes that back", async () => {
  await using g = await landed();
  const after = g.at("main");
  g.repo.git(["update-ref", "refs/remotes/origin/main", after]);
  const undone = await undo(g);
  expect(undone).toMatchObject({
    why: "origin/main has it already",
    plan: { landing: { how: "revert", from: after } },
  });
  expect(g.at("main~1")).toBe(after);
  expect(existsSync(join(g.repo.path, "a.txt"))).toBe(false);
  expect(await g.lane("a")).toMatchObject({ state: "completed", merge: undefined });
  await undo(g);
  expect(g.repo.read("a.txt")).toBe("a\n");
  expect(await g.lane("a")).toMatchObject({ merge: { state: "landed", commit: g.at("main") } });
});

test("a dirty checkout is not moved, a tree that would be red not landed, later commits are kept, and what they change too is not taken from under them", async () => {
  await using g = await landed();
  const stands = async () => [g.at("main"), g.at("refs/orch/landed/main"), (await g.lane("a")).merge?.state];
  g.repo.write({ "README.md": "being edited\n" });
  const before = await stands();
  await expect(undo(g)).rejects.toMatchObject({ code: "UNDO_REFUSED", message: expect.stringContaining("README.md") });
  expect(await stands()).toEqual(before);
  expect((await g.tracker()).undoing).toBeUndefined();
  await undo(g, { last: 1 }, { revert: true });
  expect(g.repo.read("README.md")).toBe("being edited\n");
  expect(await g.lane("a")).toMatchObject({ merge: undefined });
  g.repo.git(["checkout", "-q", "--", "README.md"]);

  await as(g, "merge", () => g.merge());
  g.repo.commit("needs it", { "needs-a": "" });
  const green = await stands();
  await expect(undo(g)).rejects.toMatchObject({ code: "UNDO_RED" });
  expect(await stands()).toEqual(green);
  g.repo.git(["rm", "-q", "needs-a"]);
  g.repo.commit("needs it no more", { "mine.txt": "mine\n" });

  await undo(g);
  expect(existsSync(join(g.repo.path, "a.txt"))).toBe(false);
  expect(g.repo.read("mine.txt")).toBe("mine\n");
  expect((await as(g, "merge", () => g.merge())).landed.map(({ lane }) => lane)).toEqual(["a"]);
  expect(g.repo.read("a.txt")).toBe("a\n");
  g.repo.commit("changed", { "a.txt": "changed by hand\n" });
  const changed = await stands();
  await expect(undo(g)).rejects.toMatchObject({ code: "UNDO_CONFLICT", details: { files: ["a.txt"] } });
  expect(await stands()).toEqual(changed);
});

test("several landings of one merge, and of several, are taken back together", async () => {
  await using g = await garden({ config: VERIFY });
  for (const id of ["a", "b", "c"]) await added(g, id);
  await as(g, "execute", () => g.execute());
  const before = g.at("main");
  await as(g, "merge", () => g.merge({ only: "a" }));
  await as(g, "merge", () => g.merge());
  expect((await undo(g, { last: 2 })).plan.steps.map(({ lane }) => lane).sort()).toEqual(["a", "b", "c"]);
  expect(g.at("main")).toBe(before);
});

test("an ignored file that stands where one comes back is not overwritten", async () => {
  await using g = await garden({ files: { "keep.env": "from git\n" }, config: VERIFY });
  await g.add("a", { tasks: ["a"], command: ["sh", "-c", "git rm -q keep.env && git commit -qm gone"] });
  await as(g, "execute", () => g.execute());
  await as(g, "merge", () => g.merge());
  g.repo.write({ ".git/info/exclude": "*.env\n.orchestration/\n.worktrees/\n", "keep.env": "SECRET=1\n" });
  await expect(undo(g)).rejects.toMatchObject({ code: "UNDO_REFUSED", message: expect.stringContaining("keep.env") });
  expect(g.repo.read("keep.env")).toBe("SECRET=1\n");
});

test("a lane that was begun on what is taken back waits until that has landed again", async () => {
  await using g = await landed();
  await added(g, "later");
  await as(g, "execute", () => g.execute());
  const merge = (await operations(g)).findLast(({ command }) => command === "merge");
  await undo(g, { operation: merge?.id ?? "" });
  const { waiting } = await as(g, "merge", () => g.merge({ only: "later" }));
  expect(waiting).toMatchObject([{ lane: "later", reason: expect.stringContaining('begun on work of "a"') }]);
  const { landed: both } = await as(g, "merge", () => g.merge());
  expect(both.map(({ lane }) => lane)).toEqual(["a", "later"]);
});

test("adding a lane is taken back while nothing was done for it, and not while another one needs it", async () => {
  await using g = await garden();
  await added(g, "one");
  await added(g, "two", { dependsOn: ["one"] });
  const [first] = await operations(g, "add-lane");
  await expect(undo(g, { operation: first?.id ?? "" })).rejects.toMatchObject({
    code: "UNDO_REFUSED",
    message: expect.stringContaining('"two" depends on "one"'),
  });
  await undo(g, { last: 2 });
  expect((await g.tracker()).lanes).toEqual({});
  await undo(g);
  expect(Object.keys((await g.tracker()).lanes).sort()).toEqual(["one", "two"]);
});

test("a clean-up is taken back: worktrees stand where they stood, ignored files too, also out of the pool and after another lane took its place there", async () => {
  await using g = await landed();
  const log = join(g.worktree("a"), "build.log");
  appendFileSync(join(g.repo.path, ".git/info/exclude"), "\n*.log\n");
  g.repo.write({ "orch.config.jsonc": '{ "pool": 1 }' });
  const picture = () => [g.repo.git(["status", "--porcelain", "-b"], { cwd: g.worktree("a") }), existsSync(log)];
  g.repo.write({ "build.log": "log\n" }, g.worktree("a"));
  const before = picture();
  await as(g, "cleanup", () => cleanUp(g.orchard, { rescue: true, dryRun: false }));
  expect(existsSync(g.worktree("a"))).toBe(false);
  expect(existsSync(join(g.place.worktreesDir, "pool-1"))).toBe(false);
  await undo(g);
  expect(picture()).toEqual(before);
  expect((await g.lane("a")).worktree?.path).toBe(".worktrees/agent-a");
  await undo(g);
  expect(existsSync(g.worktree("a"))).toBe(false);
  await undo(g);

  await g.reopen();
  const { kept } = await as(g, "cleanup", () => cleanUp(g.orchard, { rescue: false, dryRun: false }));
  expect(kept).toEqual([]);
  expect([existsSync(g.worktree("a")), existsSync(join(g.place.worktreesDir, "pool-1"))]).toEqual([false, true]);
  const cleanup = (await operations(g, "cleanup")).at(-1)?.id ?? "";
  await added(g, "next");
  await as(g, "execute", () => g.execute());
  expect(existsSync(join(g.place.worktreesDir, "pool-1"))).toBe(false);
  await undo(g, { operation: cleanup });
  expect(picture()).toEqual(before);
  expect((await g.lane("a")).worktree?.path).toBe(".worktrees/agent-a");
});

test("a retry is taken back until it has begun; while an agent runs nothing of its lane is, and what cannot be taken back says why", async () => {
  await using g = await garden();
  const go = join(g.repo.path, "..", "go");
  await g.add("a", { tasks: ["a"], command: ["sh", "-c", "exit 1"] });
  await as(g, "execute", () => g.execute());
  await expect(undo(g, { operation: (await operations(g, "execute"))[0]?.id ?? "" })).rejects.toMatchObject({
    message: expect.stringContaining("what agents did stays"),
  });
  const before = await g.lane("a");
  await as(g, "retry", () => retryLane(g.orchard, "a" as LaneId, { fresh: false }));
  expect((await g.lane("a")).state).toBe("retrying");
  await undo(g);
  expect(await g.lane("a")).toEqual(before);
  await as(g, "add-lane", () =>
    g.add("b", { tasks: ["b"], command: ["sh", "-c", `touch '${go}-runs'; ${waitsFor(go)}; exit 1`] }),
  );
  const running = as(g, "execute", () => g.execute({ only: "b" }));
  await until("the agent runs", () => existsSync(`${go}-runs`));
  const [added] = (await operations(g, "add-lane")).slice(-1);
  await expect(undo(g, { operation: added?.id ?? "" })).rejects.toMatchObject({
    code: "UNDO_REFUSED",
    exitCode: 3,
    message: expect.stringContaining('lane "b" is running'),
  });
  g.repo.write({ "../go": "" });
  await running;
  await expect(undo(g, { operation: "merge-00000000" })).rejects.toMatchObject({ code: "UNKNOWN_OPERATION" });
});
