import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { processesInside } from "@orchard/host";
import { expect, test } from "vitest";
import { commits, contentAt, garden } from "../harness.ts";

test("a lane's agent works in a worktree and on a branch of its own, and its committed work is recorded", async () => {
  await using g = await garden({ config: { verify: ["test -e README.md"] } });
  await g.add("api", { command: commits({ "api.txt": "api", "docs/_generated/api.json": "{}" }) });
  expect(await g.execute()).toEqual({ completed: ["api"], failed: [], stopped: [], blocked: [], waiting: [] });
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

test("the agent gets its prompt on stdin, in a file and in a variable, and knows who it is and where the tracker lies", async () => {
  await using g = await garden();
  const heard = join(g.place.stateDir, "heard");
  const says = `cat > '${heard}.stdin'; cp "$ORCH_PROMPT_FILE" '${heard}.file'; printf '%s' "$ORCH_PROMPT" > '${heard}.variable'`;
  const knows = `printf '%s|%s|%s|%s|%s' "$ORCH_LANE" "$ORCH_WORKTREE" "$ORCH_TRACKER" "$ORCH_REPO" "$ORBIT_AGENT\${ORBIT_SPEC-}" > '${heard}.place'`;
  await g.add("api", { tasks: ['It\'s a "task" $(with) `everything`'], command: `${says}; ${knows}`, noChange: true });
  expect((await g.execute()).completed).toEqual(["api"]);
  const prompt = contentAt(`${heard}.stdin`);
  expect(prompt).toContain('1. It\'s a "task" $(with) `everything`');
  expect(contentAt(`${heard}.file`)).toBe(prompt);
  expect(contentAt(`${heard}.variable`)).toBe(prompt);
  expect(contentAt(`${heard}.place`)).toBe(
    ["api", g.worktree("api"), g.place.trackerFile, g.repo.path, "api"].join("|"),
  );
});

test("a verify that does not end in its time is red, and its processes are gone", async () => {
  await using g = await garden({
    config: { attempts: 1, limits: { verify: "300ms", freeDisk: "1MB", freeMemory: "1MB" }, verify: ["sleep 998"] },
  });
  await g.add("slow", { command: commits({ "a.txt": "1" }) });
  expect(await g.execute()).toMatchObject({ failed: ["slow"] });
  expect((await g.lane("slow")).failure?.reason).toContain("verify is red: sleep 998 out of time, twice");
  expect(processesInside(g.worktree("slow"))).toEqual([]);
});
