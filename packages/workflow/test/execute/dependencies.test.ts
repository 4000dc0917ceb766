import { join } from "node:path";
import { expect, test } from "vitest";
import { retryLane } from "../../src/index.ts";
import { commits, contentAt, garden } from "../harness.ts";

test("a dependent lane starts from its dependencies' work, long before that lands", async () => {
  await using g = await garden();
  await g.add("api", { command: commits({ "api.txt": "api" }) });
  await g.add("db", { command: commits({ "db.txt": "db" }) });
  await g.add("ui", {
    command: `test -e api.txt && test -e db.txt && ${commits({ "ui.txt": "ui" })}`,
    dependsOn: ["api", "db"],
  });
  await g.add("top", {
    command: `test -e api.txt && test -e ui.txt && ${commits({ "top.txt": "top" })}`,
    dependsOn: ["ui"],
  });
  expect((await g.execute()).completed).toEqual(["api", "db", "ui", "top"]);
  const heads = { api: g.at("lane-api"), db: g.at("lane-db"), ui: g.at("lane-ui") };
  const ui = await g.lane("ui");
  expect(ui.contains).toEqual([
    { lane: "api", head: heads.api },
    { lane: "db", head: heads.db },
  ]);
  expect(ui.work?.changedFiles).toEqual(["ui.txt"]);
  const top = await g.lane("top");
  expect(top.worktree?.start).toBe(heads.ui);
  expect(top.contains.map(({ lane }) => lane).sort()).toEqual(["api", "db", "ui"]);
});

test("dependencies that contradict each other fail the lane that needs both, with both named", async () => {
  await using g = await garden();
  await g.add("one", { command: commits({ "same.txt": "one" }) });
  await g.add("two", { command: commits({ "same.txt": "two" }) });
  await g.add("both", { command: "true", dependsOn: ["one", "two"] });
  expect(await g.execute()).toMatchObject({ completed: ["one", "two"], failed: ["both"] });
  const { failure, attempts } = await g.lane("both");
  expect(failure).toMatchObject({ cause: "dependency-conflict" });
  expect(failure?.reason).toMatch(/"two".*same\.txt/);
  expect(attempts).toEqual([]);
});

test("lanes that are not parallel run one after the other, after the parallel ones", async () => {
  await using g = await garden();
  const order = join(g.place.stateDir, "order");
  const says = (id: string) =>
    `echo ${id} >> '${order}' && ${commits({ [`${id}.txt`]: id })} && sleep 0.2 && echo end >> '${order}'`;
  await g.add("s1", { command: says("s1"), parallel: false });
  await g.add("s2", { command: says("s2"), parallel: false });
  await g.add("p1", { command: says("p1") });
  expect((await g.execute()).completed).toEqual(["s1", "s2", "p1"]);
  expect(contentAt(order)?.split("\n")).toEqual(["p1", "end", "s1", "end", "s2", "end", ""]);
});

test("one lane alone is executed when asked, whoever's turn it would be", async () => {
  await using g = await garden();
  await g.add("first", { command: commits({ "1.txt": "1" }), parallel: false });
  await g.add("second", { command: commits({ "2.txt": "2" }), parallel: false });
  await g.add("nobody", { agent: "nobody-has-this" });
  expect(await g.execute({ only: "second" })).toMatchObject({ completed: ["second"], blocked: [] });
  expect(await g.lane("first")).toMatchObject({ state: "pending", attempts: [] });
});

test("what the base gained by itself after a landing is there for the next lane, and for one that is tried again", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  const needs = (file: string) => `test -e OWN.txt && ${commits({ [file]: "1" })}`;
  await g.add("first", { command: commits({ "first.txt": "1" }) });
  await g.add("early", { command: needs("early.txt") });
  expect(await g.execute()).toMatchObject({ completed: ["first"], failed: ["early"] });
  await g.merge();
  g.repo.commit("by hand", { "OWN.txt": "own" });
  await g.add("late", { command: needs("late.txt") });
  await retryLane(g.orchard, (await g.lane("early")).id, { fresh: false });
  expect((await g.execute()).completed).toEqual(expect.arrayContaining(["early", "late"]));
  expect((await g.lane("late")).worktree?.start).toBe(g.at("main"));
  expect((await g.lane("early")).work?.changedFiles).toEqual(["early.txt"]);
  expect((await g.merge()).landed.map(({ lane }) => lane).sort()).toEqual(["early", "late"]);
});

test("a lane begins with both what landed and what the base gained, where the base could not follow", async () => {
  await using g = await garden();
  await g.add("first", { command: commits({ "first.txt": "1" }) });
  await g.execute();
  g.repo.write({ "README.md": "not committed\n" });
  await g.merge();
  g.repo.git(["stash", "-q"]);
  g.repo.commit("by hand", { "OWN.txt": "own" });
  const landed = g.at("refs/orch/landed/main");
  await g.add("second", { command: `test -e OWN.txt && test -e first.txt && ${commits({ "second.txt": "1" })}` });
  expect((await g.execute()).completed).toContain("second");
  expect(g.at("refs/orch/landed/main")).toBe(landed);
  expect((await g.lane("second")).work?.changedFiles).toEqual(["second.txt"]);
});
