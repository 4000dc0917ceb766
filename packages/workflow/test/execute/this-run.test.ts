import { expect, test } from "vitest";
import { addLaneFromJson, type Driver, executeLanes } from "../../src/index.ts";
import { commits, garden } from "../harness.ts";

test("what had ended before is none of this run's; a failed lane is replaced, and what it did stays pinned", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("a", { command: `${commits({ "a.txt": "1" })}; exit 1` });
  await g.add("b", { command: commits({ "b.txt": "1" }) });
  expect(await g.execute()).toMatchObject({ completed: ["b"], failed: ["a"] });
  const nothing = { completed: [], failed: [], stopped: [], blocked: [], waiting: [] };
  expect(await g.execute()).toEqual(nothing);
  expect((await g.lane("a")).state).toBe("failed");

  const kept = g.at("lane-a");
  const json = JSON.stringify({ tasks: ["another way"], command: commits({ "other.txt": "1" }) });
  await addLaneFromJson(g.orchard, "a", json, { replace: true, source: "test" });
  expect(await g.execute()).toEqual({ ...nothing, completed: ["a"] });
  const lane = await g.lane("a");
  expect(lane.work?.changedFiles).toEqual(["other.txt"]);
  expect(lane.attempts).toHaveLength(2);
  expect((await g.tracker()).removals).toMatchObject([{ lane: "a" }]);
  expect(g.repo.git(["for-each-ref", "--contains", kept, "--format=%(refname)", "refs/orch/rescue"])).not.toBe("");
});

test("a run that was cut off and goes on tells of what ended in it, and of nothing before", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("before", { command: "exit 1" });
  expect(await g.execute()).toMatchObject({ failed: ["before"] });
  await g.add("first", { command: commits({ "a.txt": "1" }) });
  await g.add("second", { command: commits({ "b.txt": "1" }), dependsOn: ["first"] });
  const cut = new AbortController();
  const died = g.drive((driver) => {
    const record: Driver["record"] = async (describe, decide) => {
      const outcome = await driver.record(describe, decide);
      if ((await g.lane("first")).state === "completed") cut.abort();
      return outcome;
    };
    return executeLanes({ ...driver, record }, { maxParallel: 1 });
  }, cut.signal);
  await expect(died).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect((await g.lane("second")).state).toBe("pending");
  expect(await g.execute()).toMatchObject({ completed: ["first", "second"], failed: [] });
});
