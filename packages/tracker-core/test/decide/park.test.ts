import { expect, test } from "vitest";
import { attemptsMade, intendAttempt, laneStatus, moveLane, requestRetry, requestStop } from "../../src/index.ts";
import { lane, said, steps, withLane } from "../builders.ts";

const waits = [{ task: "T2", on: ["T1"], reason: "T2 waits for T1 (available)" }];
const parkedFact = { type: "lane-parked", lane: lane("a"), waits } as const;
const settling = withLane(steps.settling("a"));
const parked = withLane([...steps.settling("a"), parkedFact]);

test("a lane is parked only when its attempt was judged", () => {
  expect(said(() => moveLane(settling, parkedFact))).toEqual({ facts: ["lane-parked"], outcome: "recorded" });
  expect(said(() => moveLane(parked, parkedFact))).toEqual({ facts: [], outcome: "overtaken" });
  expect(parked.lanes["a"]).toMatchObject({ state: "parked", parked: { waits } });
  expect(laneStatus(parked, parked.lanes["a"]!)).toBe("blocked");
});

test("an attempt that ended to wait does not count, and the next one may start", () => {
  expect(attemptsMade(settling.lanes["a"]!.attempts)).toBe(1);
  expect(attemptsMade(parked.lanes["a"]!.attempts)).toBe(0);
  expect(said(() => intendAttempt(parked, { lane: lane("a"), token: "t2", agent: "x" }))).toMatchObject({ outcome: 2 });
  const again = withLane([...steps.settling("a"), parkedFact, { type: "lane-unparked", lane: lane("a") }]);
  expect(again.lanes["a"]?.state).toBe("settling");
  expect(again.lanes["a"]?.parked).toBeUndefined();
});

test("a parked lane can be stopped and tried again", () => {
  expect(said(() => requestStop(parked, { lane: lane("a"), reason: "x" }))).toMatchObject({ outcome: "stopped" });
  expect(said(() => requestRetry(parked, { lane: lane("a"), fresh: false, attempts: 2 }))).toMatchObject({
    outcome: "retrying",
  });
});
