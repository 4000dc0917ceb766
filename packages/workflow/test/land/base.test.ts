import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { followIfBehind, synchronise } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { garden } from "../harness.ts";

test("with uncommitted changes in the way the work lands, the checkout stays, and sync brings it in later", async () => {
  await using g = await garden({ files: { "mine.txt": "old\n" } });
  const before = g.at("main");
  await grown(g, "a", { "mine.txt": "theirs\n" });
  writeFileSync(join(g.repo.path, "mine.txt"), "my own work\n");
  const landing = await g.merge();
  expect(landing.landed).toMatchObject([{ lane: "a" }]);
  expect(landing.base).toMatchObject({ kind: "behind" });
  expect(landing.base.kind === "behind" && landing.base.why).toContain("mine.txt");
  expect(g.at("main")).toBe(before);
  expect(g.repo.read("mine.txt")).toBe("my own work\n");
  expect((await g.tracker()).base.behind).toMatchObject({ landed: landing.landed[0]?.commit });
  expect(await followIfBehind(g.worker())).toMatchObject({ kind: "behind" });

  g.repo.git(["restore", "mine.txt"]);
  expect(await synchronise(g.worker())).toMatchObject({ kind: "advanced" });
  expect(g.repo.read("mine.txt")).toBe("theirs\n");
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect((await g.tracker()).base.behind).toBeUndefined();
});

test("the base's own new commits are brought in first, so that every landing contains both", async () => {
  await using g = await garden({ config: { verify: ["test ! -e a.txt || test ! -e poison.txt"] } });
  const head = await grown(g, "a", { "a.txt": "1" });
  const own = g.repo.commit("my own", { "own.txt": "1" });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }], base: { kind: "current" } });
  for (const commit of [head, own]) expect(g.repo.git(["merge-base", "--is-ancestor", commit, "main"])).toBe("");
  expect(g.repo.git(["log", "-1", "--format=%P", "main"])).toBe(`${own} ${head}`);
});

test("base and landed work that contradict each other are reported, and nothing has moved", async () => {
  await using g = await garden({ files: { "same.txt": "old\n" } });
  await grown(g, "a", { "same.txt": "lane\n" });
  writeFileSync(join(g.repo.path, "same.txt"), "dirty\n");
  await g.merge();
  const landed = g.at("refs/orch/landed/main");
  const own = g.repo.commit("my own", { "same.txt": "mine\n" });
  await grown(g, "b", { "b.txt": "1" });
  await expect(g.merge()).rejects.toMatchObject({
    code: "BASE_CONFLICT",
    exitCode: 5,
    details: { files: ["same.txt"] },
  });
  await expect(synchronise(g.worker())).rejects.toMatchObject({ code: "BASE_CONFLICT" });
  expect([g.at("main"), g.at("refs/orch/landed/main")]).toEqual([own, landed]);
  expect((await g.tracker()).base.conflict).toMatchObject({ files: ["same.txt"] });

  expect(() => g.repo.git(["merge", "-q", "refs/orch/landed/main"])).toThrow();
  g.repo.commit("both", { "same.txt": "both\n" });
  expect(await synchronise(g.worker())).toMatchObject({ commit: g.at("main") });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "b" }], base: { kind: "current" } });
  expect((await g.tracker()).base.conflict).toBeUndefined();
});

test("a base branch that nobody has checked out follows by its ref alone", async () => {
  await using g = await garden();
  g.repo.git(["checkout", "-q", "--detach"]);
  const before = g.at("HEAD");
  await grown(g, "a", { "a.txt": "1" });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }], base: { kind: "current" } });
  expect(g.at("main")).toBe(g.at("refs/orch/landed/main"));
  expect(g.at("HEAD")).toBe(before);
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
});

test("a merge in progress in the checkout is left alone", async () => {
  await using g = await garden({ files: { "x.txt": "0\n" } });
  g.repo.git(["checkout", "-qb", "side"]);
  g.repo.commit("side", { "x.txt": "side\n" });
  g.repo.git(["checkout", "-q", "main"]);
  g.repo.commit("main", { "x.txt": "main\n" });
  expect(() => g.repo.git(["merge", "-q", "side"])).toThrow();
  const before = g.at("main");
  await grown(g, "a", { "a.txt": "1" });
  const landing = await g.merge();
  expect(landing).toMatchObject({ landed: [{ lane: "a" }], base: { kind: "behind" } });
  expect(g.at("main")).toBe(before);
  expect(g.repo.git(["status", "--porcelain"])).toContain("UU x.txt");
});
