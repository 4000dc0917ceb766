import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commits, garden } from "../harness.ts";

test("a lane's agent works in a worktree and on a branch of its own, and its committed work is recorded", async () => {
  await using g = await garden({ config: { verify: ["test -e README.md"] } });
  await g.add("api", { command: commits({ "api.txt": "api", "docs/_generated/api.json": "{}" }) });
  expect(await g.execute()).toEqual({ completed: ["api"], failed: [], stopped: [], blocked: [] });
  const lane = await g.lane("api");
  expect(lane).toMatchObject({
    state: "completed",
    worktree: { path: ".worktrees/agent-api", branch: "lane-api", start: g.at("main") },
    work: { head: g.at("lane-api"), results: ["api.json"], changedFiles: ["api.txt"], unverified: false },
  });
  expect(lane.work?.receipts[0]).toMatchObject({ command: "test -e README.md", code: 0 });
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect(existsSync(join(g.repo.path, "api.txt"))).toBe(false);
  await g.orchard.store.refreshViews();
  expect(JSON.parse(readFileSync(g.place.trackerFile, "utf8"))).toMatchObject({
    agents: { "agent-api": { status: "completed" } },
    lanes: { api: { status: "completed", results: ["api.json"], changed_files: ["api.txt"] } },
  });
});
