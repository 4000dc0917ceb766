import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { livenessOf } from "@orchard/host";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { executeLanes, retryLane, stopLanes, withDriver } from "../../src/index.ts";
import { commits, type Garden, garden, waitsFor } from "../harness.ts";

const isIn = (g: Garden, id: string, state: string) =>
  until(`lane ${id} is ${state}`, async () => (await g.lane(id)).state === state);

test("a lane that is added while execute runs is started by it, and one that nobody can do fails alone", async () => {
  await using g = await garden();
  const go = join(g.place.stateDir, "go");
  await g.add("first", { command: `${waitsFor(go)}; ${commits({ "1.txt": "1" })}` });
  const executing = g.execute();
  await isIn(g, "first", "running");
  await g.add("nobody", { agent: "nobody-has-this" });
  await isIn(g, "nobody", "failed");
  await g.add("late", { command: `${commits({ "2.txt": "1" })} && touch '${go}'`, dependsOn: [] });
  expect(await executing).toMatchObject({ completed: ["first", "late"], failed: ["nobody"] });
  expect((await g.lane("nobody")).failure).toMatchObject({ cause: "no-agent" });
  expect((await g.lane("nobody")).failure?.reason).toContain('Agent "nobody-has-this" is not known');
});

test("with no agent for any lane execute is refused before anything starts; one such lane keeps nobody waiting", async () => {
  await using g = await garden();
  await g.add("b", { agent: "nobody-has-this" });
  await expect(g.execute()).rejects.toMatchObject({
    code: "UNKNOWN_AGENT",
    exitCode: 3,
    message: expect.stringContaining('lane "b"'),
    hint: expect.stringContaining("orch agents"),
  });
  await g.add("c", {});
  await expect(g.execute({ only: "c" })).rejects.toMatchObject({ code: "NO_AGENT", exitCode: 3 });
  expect(await g.lane("b")).toMatchObject({ state: "pending" });
  await g.add("a", { command: commits({ "a.txt": "a" }) });
  expect((await g.execute()).completed).toEqual(["a"]);
  expect(await g.lane("b")).toMatchObject({
    state: "failed",
    failure: { cause: "no-agent", reason: expect.stringMatching(/"nobody-has-this".*lane "b".*orch agents/) },
  });
  expect(g.events).not.toContainEqual(expect.objectContaining({ type: "lane-preparing", lane: "b" }));
  expect(existsSync(g.worktree("b"))).toBe(false);
  expect(g.repo.git(["branch", "--list", "lane-b"])).toBe("");
});

test("a lane that takes turns and has no agent gives its turn to the next", async () => {
  await using g = await garden();
  await g.add("b", { agent: "nobody-has-this", parallel: false, priority: "high" });
  await g.add("c", { command: commits({ "c.txt": "c" }), parallel: false });
  expect(await g.execute()).toMatchObject({ completed: ["c"], failed: ["b"] });
});

test("what an earlier driver left at work is taken up although the one lane that waits has no agent", async () => {
  await using g = await garden();
  const go = join(g.place.stateDir, "go");
  await g.add("a", { command: `${waitsFor(go)}; ${commits({ "a.txt": "1" })}` });
  const interruption = new AbortController();
  const first = g.drive((driver) => executeLanes(driver, { maxParallel: 4 }), interruption.signal);
  const ended = expect(first).rejects.toMatchObject({ code: "INTERRUPTED" });
  await isIn(g, "a", "running");
  interruption.abort();
  await ended;
  await g.add("b", { agent: "nobody-has-this" });
  writeFileSync(go, "");
  expect(await g.execute()).toMatchObject({ completed: ["a"], failed: ["b"] });
});

test("stop ends the agent with its children, keeps the work, and leaves the other lanes alone", async () => {
  await using g = await garden();
  const go = join(g.place.stateDir, "go");
  await g.add("endless", { command: `echo half > half.txt; sleep 1000 & wait` });
  await g.add("other", { command: `${waitsFor(go)}; ${commits({ "o.txt": "1" })}` });
  await g.add("later", { command: "true", dependsOn: ["other"] });
  const executing = g.execute();
  await isIn(g, "endless", "running");
  await isIn(g, "other", "running");
  await until("the agent works", () => g.repo.git(["-C", g.worktree("endless"), "status", "--porcelain"]) !== "");
  const stopped = await stopLanes(g.orchard, (await g.lane("endless")).id, "enough");
  expect(stopped).toEqual({ stopped: ["endless"], idle: [], ending: [] });
  expect((await stopLanes(g.orchard, (await g.lane("later")).id, "not needed")).stopped).toEqual(["later"]);
  writeFileSync(go, "");
  expect(await executing).toMatchObject({ completed: ["other"], stopped: ["endless", "later"], failed: [] });
  const { attempts, failure } = await g.lane("endless");
  expect(failure).toMatchObject({ cause: "stopped", reason: "enough" });
  expect(attempts.map(({ end }) => end?.outcome)).toEqual(["stopped"]);
  expect(g.repo.git(["-C", g.worktree("endless"), "status", "--porcelain"])).toBe("?? half.txt");
});

test("stop during the verify ends the verify", async () => {
  await using g = await garden({ config: { verify: ["sleep 1000"] } });
  await g.add("a", { command: commits({ "a.txt": "1" }) });
  const executing = g.execute();
  await until("the verify runs", () => g.events.some(({ type }) => type === "verifying"));
  expect((await stopLanes(g.orchard, (await g.lane("a")).id, "enough")).stopped).toEqual(["a"]);
  expect(await executing).toMatchObject({ stopped: ["a"] });
});

test("the first interruption leaves agents at work; the next driver carries them on; without one stop acts itself", async () => {
  await using g = await garden();
  const go = join(g.place.stateDir, "go");
  await g.add("a", { command: `${waitsFor(go)}; ${commits({ "a.txt": "1" })}` });
  await g.add("b", { command: "sleep 1000" });
  await g.add("c", { command: "true", dependsOn: ["a"], noChange: true });
  const interruption = new AbortController();
  const executing = withDriver(g.orchard, { command: "first", interrupted: interruption.signal }, (driver) =>
    executeLanes(driver, { maxParallel: 4 }),
  );
  const first = expect(executing).rejects.toMatchObject({ code: "INTERRUPTED", details: { active: 2 } });
  await isIn(g, "a", "running");
  await isIn(g, "b", "running");
  await expect(g.execute()).rejects.toMatchObject({ code: "DRIVER_ACTIVE", exitCode: 3 });
  interruption.abort();
  await first;
  const [supervisor] = (await g.lane("b")).attempts.map((attempt) => attempt.supervisor);
  expect(livenessOf(supervisor!)).toBe("alive");

  expect((await stopLanes(g.orchard, (await g.lane("b")).id, "alone")).stopped).toEqual(["b"]);
  const between = await g.lane("b");
  expect(["settling", "stopped"]).toContain(between.state);
  writeFileSync(go, "");
  expect(await g.execute()).toMatchObject({ completed: ["a", "c"], stopped: ["b"] });
  expect((await g.lane("a")).attempts).toHaveLength(1);
  expect(await g.tracker()).toMatchObject({ epoch: 2 });

  await retryLane(g.orchard, between.id, { fresh: false });
  expect((await stopLanes(g.orchard, undefined, "all")).stopped).toEqual(["b"]);
});
