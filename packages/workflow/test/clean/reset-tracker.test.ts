import { expect, test } from "vitest";
import { initialiseRepository, resetTracker } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { garden } from "../harness.ts";
import { testPorts } from "../ports.ts";

test("a reset names the branches of work that has not landed; who is in the way of a new lane is told how to keep it", async () => {
  await using g = await garden();
  await grown(g, "landed", { "a.txt": "1" });
  await g.merge();
  await grown(g, "open", { "b.txt": "1" });
  expect(await resetTracker(g.orchard)).toMatchObject({ branches: ["lane-open"] });
  await initialiseRepository(g.place, testPorts(), { by: "test" });
  await g.reopen();
  await expect(g.add("open", { command: "true" })).rejects.toMatchObject({
    code: "BRANCH_TAKEN",
    hint: expect.stringContaining("git branch -m lane-open ") as string,
  });
  g.repo.git(["branch", "-m", "lane-open", "kept"]);
  await g.add("open", { command: "true" });
});
