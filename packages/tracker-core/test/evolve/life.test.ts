import { isOrchardError } from "@orchard/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  EMPTY_TRACKER,
  evolveTracker,
  isLanded,
  LANE_ARROWS,
  type Lane,
  lanesInOrder,
  requireDriver,
  statusStats,
  type Tracker,
  type TrackerFact,
  trackerView,
} from "../../src/index.ts";
import { at } from "../builders.ts";
import { type Intent, randomLife } from "./random-life.ts";

const RUNS = process.env["ORCHARD_LONG"] === "1" ? 20_000 : 250;

/** Lives through the intents; every fact that a decide function produced is folded, one at a time. */
function live(intents: readonly Intent[], seen: (before: Tracker, fact: TrackerFact, after: Tracker) => void): Tracker {
  let tracker = EMPTY_TRACKER;
  let second = 0;
  for (const intent of intents) {
    for (const fact of decided(intent, tracker)) {
      const after = evolveTracker(tracker, fact, at(second++));
      seen(tracker, fact, after);
      tracker = after;
    }
  }
  return tracker;
}

function decided(intent: Intent, tracker: Tracker): readonly TrackerFact[] {
  try {
    return intent.decide(tracker).facts;
  } catch (error) {
    if (isOrchardError(error) && error.kind !== "internal") return [];
    throw error;
  }
}

function everyLife(seen: (before: Tracker, fact: TrackerFact, after: Tracker) => void): void {
  fc.assert(
    fc.property(randomLife, (intents) => void live(intents, seen)),
    { numRuns: RUNS },
  );
}

const eachLane = (before: Tracker, after: Tracker, look: (before: Lane, after: Lane) => void) => {
  for (const lane of lanesInOrder(before)) {
    const now = after.lanes[lane.id];
    if (now !== undefined) look(lane, now);
  }
};

const liveAttempts = (lane: Lane) => lane.attempts.filter(({ startedAt, endedAt }) => startedAt && !endedAt);

test("what decide produced can always be folded, and the lives reach every state", () => {
  const states = new Set<string>();
  everyLife((_before, _fact, after) => {
    for (const { state, merge } of lanesInOrder(after)) states.add(state).add(merge?.state ?? "none");
  });
  expect([...states].sort()).toEqual(
    [...Object.keys(LANE_ARROWS), "none", "intended", "landed", "conflicted", "rejected"]
      .filter((state, index, all) => all.indexOf(state) === index)
      .sort(),
  );
});

test("a lane only ever goes along the arrows of LANE_ARROWS", () => {
  everyLife((before, _fact, after) =>
    eachLane(before, after, (was, is) => {
      if (was.state !== is.state) expect(LANE_ARROWS[was.state]).toContain(is.state);
    }),
  );
});

test("at most one attempt of a lane lives, and only while the lane is running", () => {
  everyLife((_before, _fact, after) => {
    for (const lane of lanesInOrder(after)) {
      expect(liveAttempts(lane).length).toBe(lane.state === "running" ? 1 : 0);
    }
  });
});

test("a landed lane stays landed until a reset", () => {
  everyLife((before, fact, after) => {
    if (fact.type === "tracker-reset") return;
    for (const lane of lanesInOrder(before)) {
      if (isLanded(lane)) expect(after.lanes[lane.id]).toMatchObject({ state: "completed", merge: lane.merge! });
    }
  });
});

test("epochs only rise, and whoever has an older one is refused", () => {
  everyLife((before, fact, after) => {
    expect(after.epoch).toBeGreaterThanOrEqual(before.epoch);
    if (fact.type === "driver-started") expect(after.epoch).toBeGreaterThan(before.epoch);
    for (let epoch = 0; epoch < after.epoch; epoch++) {
      expect(() => requireDriver(after, epoch)).toThrow(expect.objectContaining({ code: "STALE_DRIVER" }));
    }
  });
});

test("attempts, lanes and their order are never forgotten but by a reset", () => {
  everyLife((before, fact, after) => {
    if (fact.type === "tracker-reset") return;
    for (const lane of lanesInOrder(before)) {
      const now = after.lanes[lane.id];
      expect(now?.order).toBe(lane.order);
      expect(now?.attempts.map(({ token }) => token).slice(0, lane.attempts.length)).toEqual(
        lane.attempts.map(({ token }) => token),
      );
    }
  });
});

test("the tracker is plain JSON, and so is its view; the seed's words are all it uses for status", () => {
  const laneWords = ["pending", "running", "completed", "failed", "blocked"];
  const agentWords = ["created", "running", "completed", "failed", "removed"];
  everyLife((_before, _fact, after) => {
    expect(JSON.parse(JSON.stringify(after))).toEqual(withoutUndefined(after));
    const view = JSON.parse(JSON.stringify(trackerView(after))) as {
      readonly lanes: Record<string, { readonly status: string }>;
      readonly agents: Record<string, { readonly status: string }>;
    };
    for (const { status } of Object.values(view.lanes)) expect(laneWords).toContain(status);
    for (const { status } of Object.values(view.agents)) expect(agentWords).toContain(status);
    const stats = statusStats(after);
    expect(stats.lanes_total).toBe(Object.keys(view.lanes).length);
    expect(stats.completion_percentage).toBeLessThanOrEqual(100);
  });
});

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key, withoutUndefined(part)]),
  );
}
