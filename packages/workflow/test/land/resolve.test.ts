import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { startNode, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { cleanUp } from "../../src/index.ts";
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
