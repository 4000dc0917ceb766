import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { executeLanes } from "../../src/index.ts";
import { commits, garden } from "../harness.ts";

const LITTER = "echo report > report.txt; echo mended >> README.md";

test("what verify changes in a lane's worktree is none of the agent's: the next attempt finds a clean one", async () => {
  const good = "[ -e second.txt ]";
  await using g = await garden({ config: { verify: [`${LITTER}; ${good}`], attempts: 2 } });
  const first = commits({ "first.txt": "1" });
  const second = "printf 2 > second.txt && git add second.txt && git commit -qm second";
  await g.add("a", { tasks: ["x"], command: `if [ -e first.txt ]; then ${second}; else ${first}; fi` });
  expect(await g.execute()).toMatchObject({ completed: ["a"] });
  const lane = await g.lane("a");
  expect(lane.work?.changedFiles).toEqual(["first.txt", "second.txt"]);
  expect(lane.work?.receipts).toMatchObject([{ code: 0, changed: ["README.md", "report.txt"] }]);
  expect(g.repo.git(["-C", g.worktree("a"), "status", "--porcelain"])).toBe("");
  expect(readFileSync(join(g.worktree("a"), "README.md"), "utf8")).toBe("hello\n");

  // The red gate ran twice, each run left its files beside the attempt, byte for byte.
  const [red, green] = lane.attempts.map(({ token }) => join(g.place.attemptsDir, token));
  expect(readdirSync(red ?? "").filter((name) => name.startsWith("left-by"))).toHaveLength(2);
  expect(readFileSync(join(green ?? "", "left-by-verify-1", "README.md"), "utf8")).toBe("hello\nmended\n");
  expect(lane.attempts[0]?.failure).toContain("exit code 1, twice");
});

test("work that runs out of time in verify has failed for just that", async () => {
  const limits = { freeDisk: "1MB", freeMemory: "1MB", verify: "1s" };
  await using g = await garden({ config: { attempts: 1, limits } });
  await g.add("slow", { tasks: ["x"], command: commits({ "s.txt": "1" }), verify: ["sleep 60"] });
  expect(await g.execute()).toMatchObject({ failed: ["slow"] });
  expect((await g.lane("slow")).failure).toMatchObject({
    cause: "verify-timeout",
    reason: expect.stringContaining('"verify" in "limits"') as string,
  });
});

test("work whose gate is flaky is done, with the receipts of both runs", async () => {
  const flaky = "[ -e ../../.git/orch/ran ] || { touch ../../.git/orch/ran; exit 1; }";
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("lucky", { tasks: ["x"], command: commits({ "l.txt": "1" }), verify: [flaky] });
  expect(await g.execute()).toMatchObject({ completed: ["lucky"] });
  expect((await g.lane("lucky")).work?.receipts.map(({ code }) => code)).toEqual([1, 0]);
});

test("what a verify command changed that was cut off is moved away before the first gate runs again", async () => {
  const ran = "../../.git/orch/ran";
  const verify = `grep -qx hello README.md || exit 1; [ -e ${ran} ] || { echo bent > README.md; touch ${ran}; sleep 60; }`;
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("a", { command: commits({ "a.txt": "1" }), verify: [verify] });
  const interrupt = new AbortController();
  const cutOff = g.drive((driver) => executeLanes(driver, { maxParallel: 1 }), interrupt.signal);
  await until("verify runs", () => existsSync(join(g.place.stateDir, "ran")), { within: 60_000 });
  interrupt.abort();
  await expect(cutOff).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(readFileSync(join(g.worktree("a"), "README.md"), "utf8")).toBe("bent\n");

  expect(await g.execute()).toMatchObject({ completed: ["a"] });
  const { work, attempts } = await g.lane("a");
  expect(work?.receipts.map(({ code }) => code)).toEqual([0]);
  const left = join(g.place.attemptsDir, attempts[0]?.token ?? "", "left-by-verify-1", "README.md");
  expect(readFileSync(left, "utf8")).toBe("bent\n");
});
