import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanUp, retryLane } from "../../src/index.ts";
import { commits, contentAt, garden } from "../harness.ts";

test("an agent that fails is tried again on its kept work and told why, and fails for good after its attempts", async () => {
  await using g = await garden({ config: { attempts: 2 } });
  const told = join(g.place.stateDir, "told");
  const second = `if [ -e started.txt ]; then cat > '${told}'; ${commits({ "done.txt": "1" })}; else ${commits({ "started.txt": "1" })}; exit 7; fi`;
  await g.add("learns", { command: second });
  await g.add("hopeless", { command: "exit 9" });
  expect(await g.execute()).toMatchObject({ completed: ["learns"], failed: ["hopeless"] });
  expect(contentAt(told)).toContain("The attempt before did not count as done: the agent did not succeed: exit code 7");
  expect((await g.lane("learns")).work?.changedFiles).toEqual(["done.txt", "started.txt"]);
  const { attempts, failure } = await g.lane("hopeless");
  expect(attempts.map(({ number, end }) => [number, end?.code])).toEqual([
    [1, 9],
    [2, 9],
  ]);
  expect(failure).toMatchObject({ cause: "agent-failed" });
});

test("retry goes on from the kept work, brought onto what has landed; --fresh sets it aside and begins at the base", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  const agent = `if [ -e base.txt ] && [ -e part.txt ]; then ${commits({ "whole.txt": "1" })}; else ${commits({ "part.txt": "1" })}; exit 1; fi`;
  await g.add("slow", { command: agent });
  await g.add("base", { command: commits({ "base.txt": "1" }) });
  expect(await g.execute()).toMatchObject({ completed: ["base"], failed: ["slow"] });
  expect((await g.merge()).landed.map(({ lane }) => lane)).toEqual(["base"]);

  expect(await retryLane(g.orchard, (await g.lane("slow")).id, { fresh: false })).toEqual({
    outcome: "retrying",
    broughtForward: true,
  });
  expect(contentAt(join(g.worktree("slow"), "base.txt"))).toBe("1\n");
  expect(await g.execute()).toMatchObject({ completed: ["slow"], failed: [] });
  expect((await g.lane("slow")).work?.changedFiles).toEqual(["part.txt", "whole.txt"]);

  const old = g.at("lane-slow");
  expect(await retryLane(g.orchard, (await g.lane("slow")).id, { fresh: true })).toMatchObject({ outcome: "retrying" });
  expect(await g.execute()).toMatchObject({ failed: ["slow"] });
  const again = await g.lane("slow");
  expect(again.worktree?.start).toBe(g.at("main"));
  expect(contentAt(join(g.worktree("slow"), "whole.txt"))).toBeUndefined();
  expect((await g.tracker()).removals).toMatchObject([{ lane: "slow", why: "retry --fresh" }]);
  expect(g.repo.git(["for-each-ref", "--contains", old, "--format=%(refname)", "refs/orch"])).not.toBe("");
});

test("a lane whose worktree was set aside while another try was due begins at the base", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("a", {
    command: `test -e kept.txt && exit 1; ${commits({ "kept.txt": "1" })}; test -e '${g.place.stateDir}/well'`,
  });
  expect(await g.execute()).toMatchObject({ failed: ["a"] });
  await retryLane(g.orchard, (await g.lane("a")).id, { fresh: false });
  expect(await cleanUp(g.orchard, { rescue: true, dryRun: false })).toMatchObject({ removed: [{ lane: "a" }] });
  g.repo.write({ ".git/orch/well": "" });
  expect(await g.execute()).toMatchObject({ completed: ["a"] });
  expect(await g.lane("a")).toMatchObject({ worktree: { start: g.at("main") }, work: { changedFiles: ["kept.txt"] } });
});

test("a lane in its back-off whose dependency is no longer done does not keep the driver for ever", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("ground", {
    command: `if [ -e '${g.place.stateDir}/shaky' ]; then exit 1; fi; ${commits({ "g.txt": "1" })}`,
  });
  await g.add("house", { command: "exit 1", dependsOn: ["ground"] });
  expect(await g.execute()).toMatchObject({ completed: ["ground"], failed: ["house"] });
  g.repo.write({ ".git/orch/shaky": "" });
  for (const id of ["ground", "house"]) await retryLane(g.orchard, (await g.lane(id)).id, { fresh: false });
  expect(await g.execute()).toEqual({
    completed: [],
    failed: ["ground"],
    stopped: [],
    blocked: ["house"],
    waiting: [],
  });
});
