import { expect, test } from "vitest";
import { addLaneFromJson } from "../../src/index.ts";
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
