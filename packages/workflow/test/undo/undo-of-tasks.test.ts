import { expect, test } from "vitest";
import { sightWorld } from "../../src/tasks/sight-world.ts";
import { handLane } from "../lanes/by-hand.ts";
import { line, type SpecGarden, specGarden, TASK_FILE } from "../lanes/spec-garden.ts";
import { as, undo } from "./operations.ts";

test.each([
  ["moved back", false],
  ["taken out by a commit", true],
])(
  "tasks whose landing is %s are done and not landed, their boxes open, and they land again",
  async (_how, isPushed) => {
    await using orbit = await specGarden(`# Tasks\n\n${line("T001")}${line("T002")}`);
    const { garden: g } = orbit;
    const lane = await handLane(orbit, "one", ["T001"]);
    await lane.work("T001", { "one.txt": "1\n" });
    await lane.finish();
    await merge(orbit);
    expect(await orbit.task("T001")).toMatchObject({ state: "completed", work: { landed: {} } });
    if (isPushed) g.repo.git(["update-ref", "refs/remotes/origin/main", "main"]);
    const { plan } = await undo(g);
    expect(plan.landing?.how).toBe(isPushed ? "revert" : "rewind");
    const looked = async () => {
      await sightWorld(g.orchard);
      const task = await orbit.task("T001");
      return [task?.state, task?.work?.landed, g.repo.read(TASK_FILE).includes("[x] T001")];
    };
    expect(await looked()).toEqual(["completed", undefined, false]);
    expect((await merge(orbit)).landed).toMatchObject([{ lane: "one" }]);
    expect(await looked()).toEqual(["completed", expect.anything(), true]);
    expect(g.repo.read("one.txt")).toBe("1\n");
  },
);

function merge({ garden: g }: SpecGarden) {
  return as(g, "merge", () => g.merge());
}
