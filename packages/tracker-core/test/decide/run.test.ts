import { expect, test } from "vitest";
import { endRun, endRunPhase, startRun, type Tracker, type TrackerFact } from "../../src/index.ts";
import { after, aProcess, initialised, said } from "../builders.ts";

const driver = (epoch: number): TrackerFact => ({ type: "driver-started", epoch, identity: aProcess, command: "x" });
const started: TrackerFact = { type: "run-started", run: "r1", workflow: "full" };
const phase = (number: 1 | 2): TrackerFact => ({ type: "run-phase-ended", run: "r1", phase: number });
const ended: TrackerFact = { type: "run-ended", run: "r1", outcome: "completed" };
const NOTHING = { facts: [], outcome: null };

test("a run remembers the phases behind it, and the driver that last worked on it", () => {
  const { run } = after(initialised, driver(1), started, phase(1), driver(2), phase(2));
  expect(run).toMatchObject({ run: "r1", workflow: "full", done: [1, 2], epoch: 2 });
  expect(run?.endedAt).toBeUndefined();
});

test.each<[string, Tracker, unknown]>([
  ["the first", after(initialised), { facts: ["run-started"], outcome: null }],
  ["one that is open is given up", after(initialised, started), { facts: ["run-ended", "run-started"], outcome: null }],
  ["one that ended is left", after(initialised, started, ended), { facts: ["run-started"], outcome: null }],
])("a run begins: %s", (_name, tracker, expected) =>
  expect(said(() => startRun(tracker, { run: "r2", workflow: "full" }))).toEqual(expected),
);

test("a phase and the end are recorded once, and only of the open run", () => {
  const open = after(initialised, started, phase(1));
  expect(said(() => endRunPhase(open, { run: "r1", phase: 1 }))).toEqual(NOTHING);
  expect(said(() => endRunPhase(open, { run: "r1", phase: 2 }))).toEqual({ facts: ["run-phase-ended"], outcome: null });
  expect(said(() => endRunPhase(open, { run: "r0", phase: 2 }))).toEqual(NOTHING);
  expect(said(() => endRun(open, { run: "r1", outcome: "completed" }))).toEqual({
    facts: ["run-ended"],
    outcome: null,
  });
  expect(said(() => endRun(after(initialised, started, ended), { run: "r1", outcome: "x" }))).toEqual(NOTHING);
});
