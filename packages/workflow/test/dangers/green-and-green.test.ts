import { lanesInOrder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { grown } from "../grown.ts";
import { garden } from "../harness.ts";

const TOGETHER_RED = "test ! -e a.txt || test ! -e b.txt";

test("of many landed lanes the one that is red together with a lane is named, and innocent lanes land", async () => {
  await using g = await garden({ config: { verify: [TOGETHER_RED] } });
  const start = g.at("main");
  for (const id of ["u", "v", "a", "w", "x"]) await grown(g, id, { [`${id}.txt`]: "1" });
  await g.merge();
  const before = g.events.length;
  await grown(g, "b", { "b.txt": "1" }, { start, priority: "high" });
  await grown(g, "c", { "c.txt": "1" }, { start });
  const landing = await g.merge();
  expect(landing).toMatchObject({ landed: [{ lane: "c" }], rejected: [{ lane: "b" }] });
  expect((await g.lane("b")).merge).toMatchObject({ cause: "verify-red", clash: { lanes: ["a"], commits: [] } });
  expect(landing.rejected[0]?.reason).toContain('red together with lane "a"');

  // Control: whoever blames what landed last names an innocent lane.
  const last = lanesInOrder(await g.tracker()).findLast(({ id, merge }) => id !== "c" && merge?.state === "landed");
  expect(last?.id).not.toBe("a");
  // The red tree twice, the lane alone, and three to four halves; never one for every lane that landed.
  const runs = g.events
    .slice(before)
    .filter((event) => event.type === "verifying" && event.subject.startsWith("merge-b"));
  expect(runs.length).toBeLessThanOrEqual(2 + 1 + 2 * 3);
});

test("a lane that is red by itself is told so, and nobody else is named", async () => {
  await using g = await garden({ config: { verify: ["test ! -e broken.txt"] } });
  const start = g.at("main");
  await grown(g, "a", { "a.txt": "1" });
  await g.merge();
  await grown(g, "b", { "broken.txt": "1" }, { start });
  const landing = await g.merge();
  expect(landing.rejected).toMatchObject([
    { lane: "b", reason: expect.stringContaining("without what has landed") as string },
  ]);
  expect((await g.lane("b")).merge).not.toHaveProperty("clash");
});

test("a commit of the base's own that clashes with a lane is named", async () => {
  await using g = await garden({ config: { verify: [TOGETHER_RED] } });
  await grown(g, "b", { "b.txt": "1" });
  const own = g.repo.commit("mine", { "a.txt": "1" });
  expect((await g.merge()).rejected).toMatchObject([{ lane: "b" }]);
  expect((await g.lane("b")).merge).toMatchObject({ clash: { lanes: [], commits: [own] } });
});
