import { expect, test } from "vitest";
import {
  changePhase,
  EMPTY_TRACKER,
  endDriver,
  initialise,
  requireDriver,
  startDriver,
  type Tracker,
  type TrackerFact,
} from "../../src/index.ts";
import { after, aProcess, initialised, said } from "../builders.ts";

const driver = (epoch: number): TrackerFact => ({
  type: "driver-started",
  epoch,
  identity: aProcess,
  command: "orch execute",
});
const left = (epoch: number): TrackerFact => ({ type: "driver-ended", epoch, why: "done" });
const NOTHING = { facts: [], outcome: null };
const place = { mainRepo: "/repo", worktreesDir: "/repo/.worktrees", base: "refs/heads/main", configHash: "c0" };

test.each<[string, Tracker, string, unknown]>([
  ["once", EMPTY_TRACKER, "/repo", { facts: ["tracker-initialized"], outcome: "initialised" }],
  ["a second time it changes nothing", after(initialised), "/repo", { facts: [], outcome: "unchanged" }],
  ["not for another folder", after(initialised), "/elsewhere", "ALREADY_INITIALISED"],
  [
    "again after a reset",
    after(initialised, { type: "tracker-reset" }),
    "/repo",
    { facts: ["tracker-initialized"], outcome: "initialised" },
  ],
])("the tracker is set up: %s", (_name, tracker, mainRepo, expected) =>
  expect(said(() => initialise(tracker, { ...place, mainRepo }))).toEqual(expected),
);

test.each<[string, Tracker, unknown]>([
  ["the first is number 1", after(initialised), { facts: ["driver-started"], outcome: 1 }],
  ["the next one's number is higher", after(initialised, driver(1)), { facts: ["driver-started"], outcome: 2 }],
  [
    "numbers go on rising over a reset",
    after(initialised, driver(7), { type: "tracker-reset" }, initialised),
    { facts: ["driver-started"], outcome: 8 },
  ],
  ["not before init", EMPTY_TRACKER, "NOT_INITIALISED"],
])("a driver starts: %s", (_name, tracker, expected) =>
  expect(said(() => startDriver(tracker, { identity: aProcess, command: "orch merge" }))).toEqual(expected),
);

test.each<[string, Tracker, unknown]>([
  ["the one that drives", after(initialised, driver(1)), { facts: ["driver-ended"], outcome: null }],
  ["twice changes nothing", after(initialised, driver(1), left(1)), NOTHING],
  ["one that was overtaken ends nobody else", after(initialised, driver(1), driver(2)), NOTHING],
  ["after a reset there is none", after(initialised, driver(1), { type: "tracker-reset" }), NOTHING],
])("a driver ends: %s", (_name, tracker, expected) =>
  expect(said(() => endDriver(tracker, { epoch: 1, why: "done" }))).toEqual(expected),
);

test.each<[string, Tracker, string | undefined]>([
  ["the newest may write", after(initialised, driver(1)), undefined],
  ["an overtaken one may not", after(initialised, driver(1), driver(2)), "STALE_DRIVER"],
  ["one from before a reset may not", after(initialised, driver(1), { type: "tracker-reset" }), "STALE_DRIVER"],
])("the fence before every record: %s", (_name, tracker, code) => {
  const asked = () => requireDriver(tracker, 1);
  if (code === undefined) expect(asked).not.toThrow();
  else expect(asked).toThrow(expect.objectContaining({ code, exitCode: 4 }));
});

test("a change of phase is recorded once", () => {
  const tracker = after(initialised);
  expect(said(() => changePhase(tracker, { phase: 3, status: "running" }))).toEqual({
    facts: ["phase-changed"],
    outcome: null,
  });
  const running = after(initialised, { type: "phase-changed", phase: 3, status: "running" });
  expect(said(() => changePhase(running, { phase: 3, status: "running" }))).toEqual(NOTHING);
});
