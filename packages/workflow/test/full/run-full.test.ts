import { startRun } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { record, retryLane, runFull } from "../../src/index.ts";
import { commits, garden } from "../harness.ts";

test("a lane that is tried again while its run is open is executed and lands with it", async () => {
  await using g = await garden({ config: { attempts: 1, verify: ["test -e mended.txt"] } });
  await g.add("good", { command: commits({ "good.txt": "1" }), verify: ["true"] });
  const flag = `${g.place.stateDir}/ran`;
  const second = `[ -e '${flag}' ] || { touch '${flag}'; exit 1; }; ${commits({ "slow.txt": "1" })}`;
  await g.add("slow", { command: second, verify: ["true"] });
  await record(g.orchard, "a run that has its plan", (tracker) => ({
    facts: [
      ...startRun(tracker, { run: "r", workflow: "full" }).facts,
      { type: "run-phase-ended", run: "r", phase: 1 },
      { type: "run-phase-ended", run: "r", phase: 2 },
    ],
    outcome: null,
  }));
  const goOn = () => g.drive((driver) => runFull(driver, { maxParallel: 2, goOn: true }));
  await expect(goOn()).rejects.toMatchObject({ code: "RED_BASE" });
  expect((await g.tracker()).run).toMatchObject({ done: [1, 2, 3] });
  expect((await g.lane("slow")).state).toBe("failed");

  g.repo.commit("mend the base", { "mended.txt": "1" });
  await retryLane(g.orchard, (await g.lane("slow")).id, { fresh: false });
  const done = await goOn();
  expect(done.executed).toMatchObject({ completed: ["slow"], failed: [] });
  expect(done.landing?.landed.map(({ lane }) => lane).sort()).toEqual(["good", "slow"]);
  expect((await g.tracker()).run?.endedAt).toBeDefined();
});
