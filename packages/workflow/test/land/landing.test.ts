import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grown } from "../grown.ts";
import { commits, contentAt, garden } from "../harness.ts";

const ids = (landings: readonly { readonly lane: string }[]) => landings.map(({ lane }) => lane);

test("a lane lands as a merge of two parents, its history stays, and the checkout follows", async () => {
  await using g = await garden({ config: { verify: ["test -e a.txt || test ! -e b.txt"] } });
  const before = g.at("main");
  const head = await grown(g, "a", { "a.txt": "a\n" });
  const landing = await g.merge();
  expect(landing).toMatchObject({ landed: [{ lane: "a", verified: true }], base: { kind: "current" } });
  expect(g.repo.git(["log", "-1", "--format=%P", "main"])).toBe(`${before} ${head}`);
  expect(g.repo.git(["log", "-1", "--format=%B", "main"])).toContain("Land a: Do a\n\n- Do a\n\nOrchard-Lane: a");
  expect(g.repo.read("a.txt")).toBe("a\n");
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect(g.at("refs/orch/landed/main")).toBe(g.at("main"));
  expect(await g.lane("a")).toMatchObject({ state: "completed", merge: { state: "landed", commit: g.at("main") } });

  const after = g.at("main");
  expect(await g.merge()).toMatchObject({ landed: [], conflicted: [], rejected: [], waiting: [] });
  expect(g.at("main")).toBe(after);
});

test("lanes land dependencies first, then by priority, and without a verify command they are marked unverified", async () => {
  await using g = await garden();
  const low = await grown(g, "low", { "low.txt": "1" }, { priority: "low" });
  await grown(
    g,
    "top",
    { "top.txt": "1" },
    {
      priority: "high",
      dependsOn: ["low"],
      start: low,
      contains: [{ lane: (await g.lane("low")).id, head: low }],
    },
  );
  await grown(g, "high", { "high.txt": "1" }, { priority: "high" });
  const { landed } = await g.merge();
  expect(ids(landed).indexOf("low")).toBeLessThan(ids(landed).indexOf("top"));
  expect(ids(landed).sort()).toEqual(["high", "low", "top"]);
  expect(landed.every(({ verified }) => !verified)).toBe(true);
});

test("a conflict leaves base and lane as they were and names the files and both lanes; the others land", async () => {
  await using g = await garden({ files: { "same.txt": "old\n" } });
  await grown(g, "first", { "same.txt": "first\n", "f.txt": "1" }, { priority: "high" });
  const head = await grown(g, "second", { "same.txt": "second\n", "s.txt": "1" });
  await grown(g, "third", { "t.txt": "1" }, { priority: "low" });
  const landing = await g.merge();
  expect(ids(landing.landed)).toEqual(["first", "third"]);
  expect(landing.conflicted).toMatchObject([
    { lane: "second", conflict: { files: ["same.txt"], with: ["first"], head } },
  ]);
  expect(g.events.find(({ type }) => type === "lane-conflicted")).toMatchObject({
    lane: "second",
    files: ["same.txt"],
    with: ["first"],
  });
  expect(g.at("lane-second")).toBe(head);
  expect(g.repo.read("same.txt")).toBe("first\n");
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect(g.repo.git(["-C", g.worktree("second"), "status", "--porcelain"])).toBe("");
  expect(contentAt(join(g.worktree("second"), "same.txt"))).toBe("second\n");
});

test("a red combined tree rejects the guilty lane only, and the verdict stands until something changes", async () => {
  await using g = await garden({ config: { verify: ["test ! -e a.txt || test ! -e b.txt"] } });
  await grown(g, "a", { "a.txt": "1" }, { priority: "high" });
  await grown(g, "b", { "b.txt": "1" });
  await grown(g, "c", { "c.txt": "1" }, { priority: "low" });
  const landing = await g.merge();
  expect(ids(landing.landed)).toEqual(["a", "c"]);
  expect(ids(landing.rejected)).toEqual(["b"]);
  expect(landing.rejected[0]?.reason).toContain("is red on the combined tree");
  expect(contentAt(join(g.repo.path, "b.txt"))).toBeUndefined();
  expect(g.at("main")).toBe(g.at("refs/orch/landed/main"));
  await expect(g.merge()).resolves.toMatchObject({ landed: [], rejected: [{ lane: "b" }] });
});

test("the lane's own verify commands hold on the combined tree too", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" }, { priority: "high" });
  await grown(g, "shy", { "s.txt": "1" }, { verify: ["test ! -e a.txt"] });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }], rejected: [{ lane: "shy" }] });
});

test("a red base stops before anybody is blamed", async () => {
  await using g = await garden({ config: { verify: ["test ! -e broken.txt"] }, files: { "broken.txt": "x" } });
  await grown(g, "a", { "a.txt": "1" });
  const before = g.at("main");
  await expect(g.merge()).rejects.toMatchObject({ code: "RED_BASE", exitCode: 3 });
  expect(g.at("main")).toBe(before);
  expect((await g.lane("a")).merge).toBeUndefined();
  g.repo.git(["rm", "-q", "broken.txt"]);
  g.repo.git(["commit", "-qm", "mended"]);
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }] });
});

test("a base that was green without any command is checked again once there is one", async () => {
  await using g = await garden({ files: { "broken.txt": "x" } });
  await grown(g, "a", { "a.txt": "1" });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a", verified: false }] });
  const { acceptConfig, readConfig } = await import("../../src/index.ts");
  const config = JSON.parse(g.repo.read("orch.config.jsonc")) as object;
  g.repo.commit("verify", { "orch.config.jsonc": JSON.stringify({ ...config, verify: ["test ! -e broken.txt"] }) });
  await g.merge();
  await acceptConfig(g.place, await readConfig(g.place));
  await g.reopen();
  await grown(g, "b", { "b.txt": "1" });
  await expect(g.merge()).rejects.toMatchObject({ code: "RED_BASE" });
  expect((await g.lane("b")).merge).toBeUndefined();
});

test("a landing that changes a command shows it, and nothing runs it until it is accepted", async () => {
  await using g = await garden({ config: { verify: ["true"] } });
  const config = JSON.parse(g.repo.read("orch.config.jsonc")) as object;
  const text = JSON.stringify({ ...config, verify: ["touch '../../.git/orch/ran'"], maxParallel: 7 });
  await grown(g, "sly", { "orch.config.jsonc": text });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "sly" }] });
  expect(g.repo.read("orch.config.jsonc")).toBe(text);
  await g.reopen();
  const reading = await g.orchard.config();
  expect(reading.config).toMatchObject({ verify: ["true"], maxParallel: 7 });
  expect(reading.notAccepted).toMatchObject([{ key: "verify", accepted: ["true"] }]);
  await grown(g, "next", { "n.txt": "1" });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "next", verified: true }] });
  expect(contentAt(join(g.place.stateDir, "ran"))).toBeUndefined();
});

test("a lane that depends on another, or contains its work, waits for it", async () => {
  await using g = await garden({ config: { verify: ["test ! -e bad.txt"] } });
  const bad = await grown(g, "bad", { "bad.txt": "1" });
  const contains = [{ lane: (await g.lane("bad")).id, head: bad }];
  await grown(g, "holder", { "h.txt": "1" }, { start: bad, contains });
  await grown(g, "child", { "c.txt": "1" }, { dependsOn: ["bad"] });
  const landing = await g.merge();
  expect(ids(landing.rejected)).toEqual(["bad"]);
  expect(landing.waiting).toMatchObject(
    [
      { lane: "child", reason: 'it depends on "bad", which has not landed' },
      { lane: "holder", reason: 'it contains work of "bad", which has not landed' },
    ].sort((a, b) => ids(landing.waiting).indexOf(a.lane) - ids(landing.waiting).indexOf(b.lane)),
  );
  expect(landing.landed).toEqual([]);
});

test("commits on a lane's branch after the work that was verified do not land, and that is told", async () => {
  await using g = await garden();
  await g.add("docs", { command: commits({ "guide.md": "guide" }) });
  await g.execute();
  g.repo.commit("by hand", { "later.md": "later" }, g.worktree("docs"));
  expect((await g.merge()).landed).toMatchObject([{ lane: "docs" }]);
  const told = g.events.flatMap((event) => (event.type === "warning" ? [event.text] : []));
  expect(told).toContainEqual(
    expect.stringMatching(/^lane-docs has 1 commit after [0-9a-f]{10}.*not part of what lands/),
  );
  expect(g.repo.git(["show", "lane-docs:later.md"])).toBe("later");
});

test("squash lands one commit, and a lane that was built on the squashed one lands too", async () => {
  await using g = await garden({ config: { squash: true }, files: { "list.txt": "one\n" } });
  const before = g.at("main");
  const a = await grown(g, "a", { "list.txt": "one\ntwo\n" });
  const contains = [{ lane: (await g.lane("a")).id, head: a }];
  await grown(g, "b", { "list.txt": "one\ntwo\nthree\n" }, { dependsOn: ["a"], start: a, contains });
  const landing = await g.merge();
  expect(ids(landing.landed)).toEqual(["a", "b"]);
  expect(g.repo.read("list.txt")).toBe("one\ntwo\nthree\n");
  expect(g.repo.git(["rev-list", "--count", `${before}..main`])).toBe("2");
  expect(await g.merge()).toMatchObject({ landed: [] });
});

test("a lane that is tried again while it is being verified for landing does not land", async () => {
  await using g = await garden({
    config: { verify: [`test ! -e '/nowhere' && sh ./hook.sh`] },
    files: { "hook.sh": "true\n" },
  });
  await grown(g, "a", { "a.txt": "1" });
  await g.merge({ only: "a" }).catch(() => undefined);
  await grown(g, "b", {
    "hook.sh": "touch ../../.git/orch/seen; while [ ! -e ../../.git/orch/go ]; do sleep 0.05; done\n",
  });
  const before = g.at("refs/orch/landed/main");
  const merging = g.merge();
  const { until } = await import("@orchard/testkit");
  await until("the verify runs", () => contentAt(join(g.place.stateDir, "seen")) !== undefined);
  const { retryLane } = await import("../../src/index.ts");
  await retryLane(g.orchard, (await g.lane("b")).id, { fresh: false });
  g.repo.write({ ".git/orch/go": "" });
  expect(await merging).toMatchObject({ landed: [] });
  expect(g.at("refs/orch/landed/main")).toBe(before);
  expect(await g.lane("b")).toMatchObject({ state: "retrying" });
});

test("a lane whose files need a filter that nobody accepted waits with why, and the others land", async () => {
  await using g = await garden({ config: { verify: ["true"] } });
  await grown(g, "filtered", { ".gitattributes": "*.big filter=late\n", "x.big": "big\n" }, { priority: "high" });
  await grown(g, "plain", { "plain.txt": "1" });
  g.repo.git(["config", "filter.late.smudge", "tr a-z A-Z"]);
  await g.reopen();
  const landing = await g.merge();
  expect(ids(landing.landed)).toEqual(["plain"]);
  expect(landing.waiting).toMatchObject([{ lane: "filtered", reason: expect.stringContaining("filter.late.smudge") }]);
  expect(landing.base.kind).toBe("current");
});

test("work that needs a filter nobody accepted can land unverified, but is not written into the checkout", async () => {
  await using g = await garden();
  await grown(g, "filtered", { ".gitattributes": "*.big filter=late\n", "x.big": "big\n" }, { priority: "high" });
  await grown(g, "plain", { "plain.txt": "1" });
  g.repo.git(["config", "filter.late.smudge", "tr a-z A-Z"]);
  await g.reopen();
  const landing = await g.merge();
  expect(ids(landing.landed)).toEqual(["filtered", "plain"]);
  expect(landing.base).toMatchObject({ kind: "behind", why: expect.stringContaining("filter.late.smudge") });
  expect(existsSync(join(g.repo.path, "x.big"))).toBe(false);
});
