import { expect, test } from "vitest";
import { findPlace, openOrchard } from "../../src/index.ts";
import { openDesk, readTrackerField, updateTracker } from "../../src/tasks/index.ts";
import { commits, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";

test("a lane tells its own progress from its worktree, and nothing of another's", async () => {
  await using g = await garden();
  await g.add("docs", { command: commits({ "guide.md": "guide" }) });
  await g.add("other", { command: commits({ "other.md": "other" }) });
  await g.execute();
  const at = async (path: string) =>
    openOrchard(
      findPlace(path),
      testPorts(() => undefined),
      { by: "test" },
    );
  await using inside = await at(g.worktree("docs"));
  const desk = await openDesk(inside, { agent: "ada", environment: {} });
  const before = (await g.tracker()).lanes["other"];
  expect(await updateTracker(desk, '{"progress": "half done"}')).toEqual(["docs"]);
  expect(await updateTracker(desk, '{"lanes": {"docs": {"progress": "nearly"}}}')).toEqual(["docs"]);
  expect((await g.lane("docs")).progress).toBe("nearly");
  expect(await readTrackerField(g.orchard, "lanes.docs.progress")).toBe("nearly");
  expect(await readTrackerField(g.orchard, "lanes.__proto__")).toBeUndefined();
  expect((await g.tracker()).lanes["other"]).toEqual(before);
  const results = ["state_probe.json", { file: "state_probe.md", timestamp: "2026-01-01T00:00:00Z" }];
  expect(await updateTracker(desk, JSON.stringify({ lanes: { docs: { results } } }))).toEqual(["docs"]);
  expect((await g.lane("docs")).progress).toBe("nearly");
  expect(await readTrackerField(g.orchard, "lanes.docs.results")).toEqual(["state_probe.json", "state_probe.md"]);
  const refused = [
    ['{"results": ["../../outside.json"]}', "INVALID_INPUT"],
    ["{}", "INVALID_INPUT"],
    ['{"lanes": {"other": {"progress": "done"}}}', "FOREIGN_LANE"],
    ['{"progress": 7}', "INVALID_INPUT"],
    ['{"status": "completed"}', "INVALID_INPUT"],
    ["half done", "INVALID_INPUT"],
  ] as const;
  for (const [json, code] of refused) await expect(updateTracker(desk, json)).rejects.toMatchObject({ code });
  const outside = await openDesk(g.orchard, { agent: "ada", environment: {} });
  await expect(updateTracker(outside, '{"progress": "x"}')).rejects.toMatchObject({ code: "NO_LANE_HERE" });
});
