import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { happened } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { cleanUp, initialiseRepository, record, resetTracker, restoreWorktree } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";

const plain = { rescue: false, dryRun: false };

test("cleanup removes what has landed and is clean, frees its branch, and names a reason for everything else", async () => {
  await using g = await garden();
  for (const id of ["done", "untidy", "further"]) await grown(g, id, { [`${id}.txt`]: "1" });
  await g.merge();
  writeFileSync(join(g.worktree("untidy"), "more.txt"), "x");
  g.repo.commit("more", { "further.txt": "2" }, g.worktree("further"));
  await grown(g, "waiting", { "w.txt": "1" });

  const planned = await cleanUp(g.orchard, { ...plain, dryRun: true });
  expect(planned.removed).toMatchObject([{ lane: "done" }]);
  expect(planned.branches).toEqual(["lane-done"]);
  expect(existsSync(g.worktree("done"))).toBe(true);

  const { removed, kept, branches } = await cleanUp(g.orchard, plain);
  expect(removed).toMatchObject([{ lane: "done", path: ".worktrees/agent-done" }]);
  expect(branches).toEqual(["lane-done"]);
  expect(kept).toEqual([
    { lane: "untidy", path: ".worktrees/agent-untidy", reason: "it has uncommitted work: more.txt" },
    { lane: "further", path: ".worktrees/agent-further", reason: "it has commits that did not land" },
    { lane: "waiting", path: ".worktrees/agent-waiting", reason: "its work has not landed: orch merge" },
  ]);
  expect(existsSync(g.worktree("done"))).toBe(false);
  expect(existsSync(g.worktree("untidy"))).toBe(true);
  expect(g.repo.git(["branch", "--list", "lane-*", "--format=%(refname:short)"]).split("\n").sort()).toEqual([
    "lane-further",
    "lane-untidy",
    "lane-waiting",
  ]);
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect((await cleanUp(g.orchard, plain)).removed).toEqual([]);
});

test("a worktree that git has no more on record stays and is named; the others are removed", async () => {
  await using g = await garden();
  for (const id of ["lost", "done"]) await grown(g, id, { [`${id}.txt`]: "1" });
  await g.merge();
  rmSync(join(g.repo.path, ".git/worktrees/agent-lost"), { recursive: true });
  for (const rescue of [false, true]) {
    const { removed, kept } = await cleanUp(g.orchard, { ...plain, rescue });
    expect(removed.map(({ lane }) => lane)).toEqual(rescue ? [] : ["done"]);
    expect(kept).toMatchObject([{ lane: "lost", path: ".worktrees/agent-lost" }]);
  }
  expect(existsSync(join(g.worktree("lost"), "lost.txt"))).toBe(true);
});

/** Work of every kind that a worktree can hold. */
function scatter(folder: string): void {
  writeFileSync(join(folder, "tracked.txt"), "changed\n");
  writeFileSync(join(folder, "new \u00e9 file.bin"), Buffer.from([0, 255, 10, 13, 0]));
  writeFileSync(join(folder, "run.sh"), "#!/bin/sh\n");
  chmodSync(join(folder, "run.sh"), 0o755);
  symlinkSync("tracked.txt", join(folder, "link"));
  writeFileSync(join(folder, "ignored.log"), "kept too\n");
}

function pictureOf(g: Garden, folder: string): unknown {
  const files = ["tracked.txt", "new \u00e9 file.bin", "run.sh", "ignored.log", "staged.txt"];
  return {
    status: g.repo.git(["status", "--porcelain", "--ignored"], { cwd: folder }),
    head: g.repo.git(["rev-parse", "HEAD"], { cwd: folder }),
    branch: g.repo.git(["symbolic-ref", "HEAD"], { cwd: folder }),
    contents: files.map((file) => readFileSync(join(folder, file)).toString("hex")),
    modes: files.map((file) => lstatSync(join(folder, file)).mode),
    link: readlinkSync(join(folder, "link")),
  };
}

test("what cleanup --rescue takes away comes back byte for byte, and the lane can go on", async () => {
  await using g = await garden({ files: { ".gitignore": "*.log\n", "tracked.txt": "old\n" } });
  await grown(g, "a", { "a.txt": "1" });
  const folder = g.worktree("a");
  scatter(folder);
  writeFileSync(join(folder, "staged.txt"), "staged\n");
  g.repo.git(["add", "staged.txt"], { cwd: folder });
  const before = pictureOf(g, folder);

  const { removed, kept } = await cleanUp(g.orchard, { rescue: true, dryRun: false });
  expect(kept).toEqual([]);
  expect(removed).toMatchObject([{ lane: "a", rescue: "refs/orch/rescue/a/1" }]);
  expect(existsSync(folder)).toBe(false);
  expect((await g.lane("a")).worktree).toBeUndefined();
  expect(g.at("refs/orch/rescue/a/1")).toMatch(/^[0-9a-f]{40}$/);

  expect(await restoreWorktree(g.worker(), { name: "a", number: 1 })).toBe(folder);
  expect(pictureOf(g, folder)).toEqual(before);
  expect((await g.lane("a")).worktree).toMatchObject({ path: ".worktrees/agent-a", branch: "lane-a" });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }] });
});

test("a worktree that somebody works in, and one that is not Orchard's any more, stay", async () => {
  await using g = await garden();
  await grown(g, "busy", { "b.txt": "1" });
  await grown(g, "foreign", { "f.txt": "1" });
  await g.merge();
  const { startNode } = await import("@orchard/testkit");
  const sleeper = join(g.place.stateDir, "sleeper.ts");
  writeFileSync(sleeper, "console.log('here'); setInterval(() => undefined, 1000);");
  const inside = startNode(sleeper, [], { cwd: g.worktree("busy") });
  const { until } = await import("@orchard/testkit");
  await until("somebody works in it", () => inside.stdout() !== "");
  writeFileSync(join(g.worktree("foreign"), ".git"), "gitdir: /elsewhere\n");
  try {
    const { removed, kept } = await cleanUp(g.orchard, plain);
    expect(removed).toEqual([]);
    expect(kept.map(({ lane }) => lane)).toEqual(["busy", "foreign"]);
    expect(kept[0]?.reason).toContain(`a process works inside (pid ${inside.pid}`);
    expect(kept[1]?.reason).toContain("no longer the worktree");
    const foreseen = await cleanUp(g.orchard, { rescue: true, dryRun: true });
    expect(foreseen.removed).toEqual([]);
    expect(foreseen.kept.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("a process works inside"),
      expect.stringContaining("its link to the repository was changed"),
    ]);
    expect((await cleanUp(g.orchard, { rescue: true, dryRun: false })).kept).toEqual(foreseen.kept);
  } finally {
    inside.child.kill("SIGKILL");
    await inside.ended;
  }
  expect((await cleanUp(g.orchard, plain)).removed).toMatchObject([{ lane: "busy" }]);
});

test("a lane that is being worked on is left alone, whatever is asked", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  const { id } = await g.lane("a");
  await record(g.orchard, "retry", () =>
    happened(
      { type: "retry-requested", lane: id, fresh: false, attempts: 1 },
      { type: "attempt-intended", lane: id, token: "t", number: 2, agent: "x" },
    ),
  );
  const { removed, kept } = await cleanUp(g.orchard, { rescue: true, dryRun: false });
  expect(removed).toEqual([]);
  expect(kept).toMatchObject([{ lane: "a", reason: /interrupted while intended; go on: orch resume/ }]);
});

test("reset lets the tracker begin empty and keeps everything that could be missed", async () => {
  await using g = await garden();
  await grown(g, "landed", { "l.txt": "1" });
  await g.merge();
  const open = await grown(g, "open", { "o.txt": "1" });
  writeFileSync(join(g.worktree("open"), "half.txt"), "half\n");
  await g.orchard.store.refreshViews();
  const reset = await resetTracker(g.orchard);
  expect(reset.cleaned.kept).toEqual([]);
  expect(await g.tracker()).toMatchObject({ lanes: {}, phase: 0 });
  expect(existsSync(g.place.trackerFile)).toBe(false);
  expect(existsSync(join(reset.archive ?? "", "tracker.json"))).toBe(true);
  expect(g.at("lane-open")).toBe(open);
  await expect(g.execute()).rejects.toMatchObject({ code: "NOT_INITIALISED" });

  expect(await initialiseRepository(g.place, testPorts(), { by: "test" })).toMatchObject({ outcome: "initialised" });
  expect((await g.tracker()).epoch).toBe(1);
  expect(existsSync(g.place.trackerFile)).toBe(true);
  const back = await restoreWorktree(g.worker(), { name: "open", number: 1 });
  expect(readFileSync(join(back, "half.txt"), "utf8")).toBe("half\n");
});
