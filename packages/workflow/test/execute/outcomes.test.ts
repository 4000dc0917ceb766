import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Executed } from "../../src/index.ts";
import { commits, contentAt, type Garden, garden } from "../harness.ts";

let g: Garden;
let executed: Executed;
let base: string;

/** One run of many lanes, each of which ends in its own way. */
beforeAll(async () => {
  g = await garden({ config: { attempts: 1, verify: ["test ! -e bad.txt"] } });
  base = g.at("main");
  const rewrite = "git reset -q --hard $(git commit-tree -m root HEAD^{tree})";
  const lanes: Record<string, Record<string, unknown>> = {
    good: { command: commits({ "good.txt": "1" }) },
    silent: { command: "true" },
    empty: { command: "git commit -q --allow-empty -m nothing" },
    untidy: { command: `${commits({ "u.txt": "1" })} && echo more > untidy.txt` },
    red: { command: commits({ "bad.txt": "1" }) },
    astray: { command: `git checkout -qb elsewhere && ${commits({ "a.txt": "1" })}` },
    rewriter: { command: `${rewrite} && ${commits({ "r.txt": "1" })}` },
    midway: {
      command: [
        "printf 1 > f; git add -A; git commit -qm 1; git checkout -qb side HEAD~1",
        "printf 2 > f; git add -A; git commit -qm 2; git checkout -q lane-midway; git merge -q side; true",
      ].join("; "),
    },
    broken: { command: `${commits({ "b.txt": "1" })}; exit 3` },
    absent: { command: ["/no/such/agent"] },
    answer: { command: "cat > /dev/null", noChange: true },
    report: { command: commits({ "docs/_generated/r.md": "1" }) },
    child: { command: "true", dependsOn: ["red"] },
    grandchild: { command: "true", dependsOn: ["child"] },
  };
  for (const [id, lane] of Object.entries(lanes)) await g.add(id, lane);
  executed = await g.execute({ maxParallel: 6 });
}, 120_000);

afterAll(async () => g[Symbol.asyncDispose]());

test("the lanes that did their work are done, and no other", () => {
  expect(executed).toEqual({
    completed: ["good", "answer", "report"],
    failed: ["silent", "empty", "untidy", "red", "astray", "rewriter", "midway", "broken", "absent"],
    stopped: [],
    blocked: ["child", "grandchild"],
    waiting: [],
  });
});

test.each([
  ["silent", "nothing-done", "without a single commit"],
  ["empty", "nothing-done", "without a change to any file"],
  ["untidy", "uncommitted-work", "untidy.txt"],
  ["red", "verify-red", "test ! -e bad.txt exit code 1"],
  ["astray", "wrong-branch", "on refs/heads/elsewhere, not on lane-astray"],
  ["rewriter", "history-rewritten", "no longer contains the commit that the lane started from"],
  ["midway", "operation-in-progress", "a merge is in progress"],
  ["broken", "agent-failed", "exit code 3"],
  ["absent", "agent-failed", "/no/such/agent"],
])("%s said it was done and was not: %s", async (id, cause, words) => {
  const lane = await g.lane(id);
  expect(lane).toMatchObject({ state: "failed", failure: { cause } });
  expect(lane.failure?.reason).toContain(words);
  expect(lane.work).toBeUndefined();
});

test("what a failed lane did is kept where it was", () => {
  expect(contentAt(join(g.worktree("untidy"), "untidy.txt"))).toBe("more\n");
  expect(contentAt(join(g.worktree("red"), "bad.txt"))).toBe("1\n");
  expect(g.repo.git(["log", "-1", "--format=%s", "lane-broken"])).toBe("work");
});

test("a report under docs/_generated is a change, and a lane may declare that it makes none", async () => {
  expect((await g.lane("report")).work).toMatchObject({ results: ["r.md"], changedFiles: [] });
  expect((await g.lane("answer")).work).toMatchObject({ results: [], changedFiles: [], head: base });
});

test("what depends on a failed lane never started, and has no worktree", async () => {
  for (const id of ["child", "grandchild"]) {
    const lane = await g.lane(id);
    expect(lane).toMatchObject({ state: "pending", attempts: [] });
    expect(lane.worktree).toBeUndefined();
  }
});

test("the base and the user's checkout are as they were", () => {
  expect(g.at("main")).toBe(base);
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
});

test("the phase is not called complete when something failed", async () => {
  expect(await g.tracker()).toMatchObject({ phase: 3, status: "failed" });
});
