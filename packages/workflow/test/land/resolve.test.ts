import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownIdentity } from "@orchard/host";
import type { LaneId } from "@orchard/kernel";
import { startNode, until } from "@orchard/testkit";
import { happened } from "@orchard/tracker-core";
import { listRescues } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { cleanUp, record, restoreWorktree } from "../../src/index.ts";
import { requireLandable } from "../../src/land/land-lanes.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";

/** Lane `b` in conflict with what lane `a` landed, to be resolved by hand. */
async function conflict(): Promise<{ readonly g: Garden; readonly folder: string }> {
  const g = await garden({ files: { "same.txt": "old\n" }, config: { verify: ["! grep -q '<<<' same.txt"] } });
  await grown(g, "a", { "same.txt": "a\n" }, { priority: "high" });
  await grown(g, "b", { "same.txt": "b\n", "b.txt": "1" });
  const landing = await g.merge({ resolve: "hand" });
  const folder = landing.conflicted[0]?.resolveIn ?? "";
  expect(folder).toBe(join(g.place.worktreesDir, "resolve-b"));
  return { g, folder };
}

const git = (g: Garden, folder: string, ...args: string[]) => g.repo.git(args, { cwd: folder });

test("the worktree of a conflict shows it as git does, and git's own commands finish it; the next merge lands it", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  expect(git(g, folder, "status", "--porcelain")).toContain("UU same.txt");
  expect(readFileSync(join(folder, "same.txt"), "utf8")).toMatch(/<<<<<<<.*=======.*>>>>>>>/s);

  const unfinished = await g.merge();
  expect(unfinished.waiting).toMatchObject([{ lane: "b" }]);
  expect(unfinished.waiting[0]?.reason).toMatch(/not resolved yet: a merge is in progress/);

  writeFileSync(join(folder, "same.txt"), "a and b\n");
  git(g, folder, "add", "same.txt");
  git(g, folder, "-c", "core.editor=true", "merge", "--continue");
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "b" }], base: { kind: "current" } });
  expect(g.repo.read("same.txt")).toBe("a and b\n");
  expect(g.repo.read("b.txt")).toBe("1");
  expect(existsSync(folder)).toBe(false);
  expect(g.repo.git(["branch", "--list", "resolve-b"])).toBe("");
  expect((await cleanUp(g.orchard, { rescue: false, dryRun: false })).kept).toEqual([]);
});

test("asked again, the worktree of a conflict is kept with what was done in it", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  writeFileSync(join(folder, "same.txt"), "half\n");
  await g.merge({ resolve: "hand" });
  expect(readFileSync(join(folder, "same.txt"), "utf8")).toBe("half\n");
});

test("an aborted resolution is no resolution: the conflict is told again, and can be begun again", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  const before = g.at("main");
  git(g, folder, "merge", "--abort");
  expect(await g.merge()).toMatchObject({ landed: [], conflicted: [{ lane: "b", conflict: { with: ["a"] } }] });
  expect(g.at("main")).toBe(before);
  const again = await g.merge({ resolve: "hand" });
  expect(again.conflicted[0]?.resolveIn).toBe(folder);
  expect(git(g, folder, "status", "--porcelain")).toContain("UU same.txt");
});

test("a resolution that keeps the markers is unfinished, whatever verify says, and nothing has moved", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  const before = g.at("main");
  git(g, folder, "add", "same.txt");
  git(g, folder, "-c", "core.editor=true", "merge", "--continue");
  const merged = await g.merge();
  expect(merged).toMatchObject({ landed: [], waiting: [{ lane: "b" }] });
  expect(merged.waiting[0]?.reason).toContain("conflict markers are left in same.txt");
  expect(g.at("main")).toBe(before);
  writeFileSync(join(folder, "same.txt"), "mended\n");
  git(g, folder, "commit", "-qam", "mended");
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "b" }] });
  expect(g.repo.read("same.txt")).toBe("mended\n");
});

test("a worktree of a conflict in which somebody stands stays, and cleanup takes it once it is left", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  writeFileSync(join(folder, "same.txt"), "a and b\n");
  git(g, folder, "commit", "-qam", "resolved");
  const stands = join(g.place.stateDir, "stands.ts");
  writeFileSync(stands, "console.log('here'); setInterval(() => undefined, 1000);");
  const inside = startNode(stands, [], { cwd: folder });
  await until("somebody stands in it", () => inside.stdout() !== "");
  try {
    expect(await g.merge()).toMatchObject({ landed: [{ lane: "b" }] });
    expect(g.events.at(-1)).toMatchObject({ type: "warning" });
    expect(existsSync(folder)).toBe(true);
  } finally {
    inside.child.kill("SIGKILL");
    await inside.ended;
  }
  const { removed, kept } = await cleanUp(g.orchard, { rescue: false, dryRun: false });
  expect(kept).toEqual([]);
  expect(removed.map(({ path }) => path)).toContain(".worktrees/resolve-b");
});

/** As `orch retry` and an attempt that changes nothing: the record of the conflict ends with it. */
async function triedAgain(g: Garden): Promise<void> {
  const { id: lane, attempts, work } = await g.lane("b");
  const token = `again-${attempts.length}`;
  await record(g.orchard, "tried again", () =>
    happened(
      { type: "retry-requested", lane, fresh: false, attempts: 1 },
      { type: "attempt-intended", lane, token, number: attempts.length + 1, agent: "command" },
      { type: "attempt-started", lane, token, supervisor: { ...ownIdentity(), startTime: "0" } },
      { type: "attempt-ended", lane, token, end: { outcome: "exited", code: 0, signal: null } },
      { type: "lane-completed", lane, work: work! },
    ),
  );
}

test("a conflict is begun anew whatever became of its older worktree; the branch is taken over, and what it led to is pinned", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  const ends: readonly (() => Promise<unknown>)[] = [
    () => triedAgain(g),
    async () => {
      await triedAgain(g);
      rmSync(folder, { recursive: true });
    },
    () => cleanUp(g.orchard, { rescue: true, dryRun: false }),
  ];
  for (const end of ends) {
    git(g, folder, "add", "same.txt");
    git(g, folder, "commit", "-qm", "with markers");
    const tip = g.at("resolve-b");
    await end();
    expect((await g.merge({ resolve: "hand" })).conflicted).toMatchObject([{ lane: "b", resolveIn: folder }]);
    expect(g.at("resolve-b")).toBe(g.at("main"));
    expect(git(g, folder, "status", "--porcelain")).toContain("UU same.txt");
    expect(g.repo.git(["for-each-ref", "--contains", tip, "refs/orch/rescue/b"])).not.toBe("");
  }
  const told = g.events.flatMap((event) => (event.type === "warning" ? [event.text] : []));
  expect(told).toContain(
    "what stood in .worktrees/resolve-b was no resolution of this conflict; it is set aside as b/1",
  );
});

test("a branch of the person's own keeps one conflict from being begun, and no other", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  await grown(g, "c", { "same.txt": "c\n" }, { start: g.at("main~1") });
  await cleanUp(g.orchard, { rescue: true, dryRun: false });
  const mine = g.repo.commit("mine", { "mine.txt": "1" });
  g.repo.git(["update-ref", "refs/heads/resolve-b", mine]);
  g.repo.git(["reset", "-q", "--hard", "HEAD~1"]);
  const { conflicted } = await g.merge({ resolve: "hand" });
  expect(conflicted.map(({ lane }) => lane)).toEqual(["b", "c"]);
  expect(conflicted[0]?.resolveIn).toBeUndefined();
  expect(conflicted[0]?.notBegun).toContain('Branch "resolve-b" exists already');
  expect(conflicted[1]?.resolveIn).toBe(join(g.place.worktreesDir, "resolve-c"));
  expect(g.at("resolve-b")).toBe(mine);
  expect(existsSync(folder)).toBe(false);
});

test("a conflict's worktree that was set aside and restored is where it is resolved again", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  await cleanUp(g.orchard, { rescue: true, dryRun: false });
  const rescues = await listRescues(await g.orchard.repository());
  const { number } = rescues.find(({ trash }) => trash?.path === folder)!;
  expect(await restoreWorktree(g.worker(), { name: "b", number })).toBe(folder);
  expect((await g.merge({ resolve: "hand" })).waiting).toMatchObject([{ lane: "b", isConflict: true }]);
  writeFileSync(join(folder, "same.txt"), "a and b\n");
  git(g, folder, "commit", "-qam", "resolved");
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "b" }] });
  expect(g.repo.read("same.txt")).toBe("a and b\n");
});

test("a lane that is named and has nothing to land says why", async () => {
  await using g = await garden();
  await g.add("w", { tasks: ["later"], command: ["true"] });
  const { waiting } = await g.merge({ only: "w" });
  expect(waiting).toMatchObject([{ lane: "w", reason: /its work is not done.*can start.*orch execute/ }]);
  await grown(g, "a", { "a.txt": "1" });
  await g.merge();
  expect(await g.merge({ only: "a" })).toMatchObject({ landed: [], waiting: [] });
});

test("a resolution that what landed since contradicts is begun again from where it was", async () => {
  const { g, folder } = await conflict();
  await using _ = g;
  writeFileSync(join(folder, "same.txt"), "a and b\n");
  git(g, folder, "commit", "-qam", "resolved");
  await grown(g, "c", { "same.txt": "c\n" }, { priority: "high" });
  const landing = await g.merge({ resolve: "hand" });
  expect(landing).toMatchObject({ landed: [{ lane: "c" }], conflicted: [{ lane: "b", resolveIn: folder }] });
  expect(readFileSync(join(folder, "same.txt"), "utf8")).toMatch(/c\n.*a and b\n/s);
  writeFileSync(join(folder, "same.txt"), "a, b and c\n");
  git(g, folder, "commit", "-qam", "resolved again");
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "b" }] });
  expect(g.repo.read("same.txt")).toBe("a, b and c\n");
});

test("where nothing is in conflict there is nothing to resolve", async () => {
  const { g } = await conflict();
  await using _ = g;
  const asked = async (only: string) => requireLandable(await g.tracker(), { resolve: "hand", only: only as LaneId });
  await expect(asked("ghost")).rejects.toMatchObject({ code: "UNKNOWN_LANE" });
  await expect(asked("a")).rejects.toMatchObject({ code: "NOTHING_TO_RESOLVE", exitCode: 3 });
  await expect(asked("b")).resolves.toBeUndefined();
});
