import type { LaneId } from "@orchard/kernel";
import { expect, test } from "vitest";
import type { Driver } from "../../src/index.ts";
import { settleIntendedLandings } from "../../src/land/land-lanes.ts";
import { landTogether } from "../../src/land/land-together.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";

/** Dies after the ref has moved and before that is on record; another takes up what is left. */
async function landAndDie(g: Garden, ids: readonly LaneId[]): Promise<void> {
  await g.drive(async (driver) => {
    const dying: Driver = {
      ...driver,
      record: (describe, decide) => {
        if (describe.endsWith("lanes landed")) throw new Error("killed");
        return driver.record(describe, decide);
      },
    };
    await expect(landTogether(dying, ids)).rejects.toThrow("killed");
    await settleIntendedLandings(driver);
  });
}

test.each([
  ["count as verified, as they were", ["true"], true],
  ["do not count as verified where nothing was", [], false],
])("lanes that landed together, and whose driver died before it said so, %s", async (_what, verify, verified) => {
  await using g = await garden({ config: { verify } });
  const ids = ["a", "b", "c"] as LaneId[];
  for (const id of ids) await grown(g, id, { [`${id}.txt`]: "1" });
  await landAndDie(g, ids);
  const lanes = await Promise.all(ids.map((id) => g.lane(id)));
  expect(lanes.map(({ merge }) => merge)).toMatchObject(ids.map(() => ({ state: "landed", verified })));
});
