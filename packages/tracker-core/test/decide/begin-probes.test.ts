import { isOrchardError } from "@orchard/kernel";
import { expect, test } from "vitest";
import {
  beginProbes,
  EMPTY_TRACKER,
  evolveTracker,
  requireLane,
  type Tracker,
  type TrackerFact,
} from "../../src/index.ts";
import { added, definition, initialised, lane, steps } from "../builders.ts";

const AT = "2026-01-01T00:00:00.000Z";
const LANES = [{ lane: lane("p"), definition: definition({ probe: "p", files: ["new"] }) }];

test.each([
  ["is not there yet", [], ["lane-added"]],
  ["waits for its start", [added("p", { probe: "p" })], ["lane-added"]],
  ["runs", [added("p", { probe: "p" }), ...steps.running("p")], []],
  ["is tried again", [added("p", { probe: "p" }), ...steps.retrying("p")], []],
  ["is just landing", [added("p", { probe: "p" }), ...steps.landing("p")], []],
  ["has failed", [added("p", { probe: "p" }), ...steps.failed("p")], ["retry-requested", "lane-added"]],
  ["is done", [added("p", { probe: "p" }), ...steps.completed("p")], ["retry-requested", "lane-added"]],
  ["has landed", [added("p", { probe: "p" }), ...steps.landed("p")], ["retry-requested", "lane-added"]],
])("a lane of a probe that %s is begun as it needs, in one record with the phase", (_, facts, types) => {
  const tracker = fold([initialised, ...facts]);
  const decision = beginProbes(tracker, { lanes: LANES, attempts: 2 });
  expect(decision.facts.map(({ type }) => type)).toEqual(["phase-changed", ...types]);
  const after = fold(decision.facts, tracker);
  expect({ phase: after.phase, status: after.status }).toEqual({ phase: 1, status: "running" });
  if (types.length === 0) return;
  const { state, work, merge, definition: now, attemptsAllowed, attempts } = requireLane(after, "p");
  expect({ state, work, merge, files: now.files }).toEqual({
    state: "pending",
    work: undefined,
    merge: undefined,
    files: ["new"],
  });
  expect(attemptsAllowed - attempts.length).toBe(2);
});

test("somebody else's lane of that name is left alone", () => {
  const tracker = fold([initialised, added("p")]);
  const refused = catching(() => beginProbes(tracker, { lanes: LANES, attempts: 2 }));
  expect(isOrchardError(refused, "LANE_EXISTS")).toBe(true);
});

function fold(facts: readonly TrackerFact[], from: Tracker = EMPTY_TRACKER): Tracker {
  return facts.reduce((tracker, fact) => evolveTracker(tracker, fact, AT), from);
}

function catching(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
