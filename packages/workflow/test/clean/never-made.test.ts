import { parseLaneId } from "@orchard/kernel";
import { moveLane } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { record, retryLane } from "../../src/index.ts";
import { commits, garden } from "../harness.ts";

test("a lane whose worktree could not be made is tried again afresh as if there had been none", async () => {
  await using here = await garden();
  await here.add("late", { command: commits({ "late.txt": "x" }) });
  const lane = parseLaneId("late");
  const start = here.at("main");
  const preparing = { worktree: ".worktrees/agent-late", branch: "lane-late", start, contains: [] };
  await record(here.orchard, "announced", (now) => moveLane(now, { type: "lane-preparing", lane, ...preparing }));
  const failed = { cause: "worktree-failed", reason: "no room" };
  await record(here.orchard, "failed", (now) => moveLane(now, { type: "attempt-failed", lane, ...failed }));
  here.repo.git(["branch", "lane-late"]);
  expect(await retryLane(here.orchard, lane, { fresh: true })).toMatchObject({ outcome: "retrying" });
  expect(await here.execute()).toMatchObject({ completed: ["late"] });
});
