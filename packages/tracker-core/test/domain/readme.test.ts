import { expect, test } from "vitest";
import { changePhase, EMPTY_TRACKER, evolveTracker, initialise, trackerView } from "../../src/index.ts";

test("the README's example of the domain says what happens", () => {
  const place = { mainRepo: "/repo", worktreesDir: "/repo/.worktrees", base: "refs/heads/main", configHash: "" };
  const at = "2026-01-01T00:00:00.000Z";
  let tracker = EMPTY_TRACKER;
  for (const fact of initialise(tracker, place).facts) tracker = evolveTracker(tracker, fact, at);
  expect(initialise(tracker, place)).toEqual({ facts: [], outcome: "unchanged" });
  const { facts } = changePhase(tracker, { phase: 3, status: "running" });
  for (const fact of facts) tracker = evolveTracker(tracker, fact, at);
  expect(trackerView(tracker)).toMatchObject({ version: "1.0.0", phase: 3, status: "running", main_repo: "/repo" });
});
