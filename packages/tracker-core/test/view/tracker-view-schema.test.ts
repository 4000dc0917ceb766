import { expect, test } from "vitest";
import { type Tracker, trackerView } from "../../src/index.ts";
import { agentViewSchema, laneViewSchema, trackerViewSchema } from "../../src/view/tracker-view-schema.ts";
import { added, after, aProcess, initialised, lane, steps } from "../builders.ts";

const run = { type: "run-started", run: "r1", workflow: "full" } as const;
const driver = { type: "driver-started", epoch: 1, identity: aProcess, command: "orch full" } as const;
const behind = { type: "base-behind", landed: "c1", why: "dirty" } as const;
const parked = { type: "lane-parked", lane: lane("a"), waits: [{ task: "T1", on: [], reason: "T0" }] } as const;
const stopped = { type: "lane-stopped", lane: lane("a"), reason: "asked" } as const;

const whole = {
  spec: "001",
  agent: "claude",
  command: "x",
  verify: ["y"],
  planned: { gaps: ["g"] },
  name: "A",
} as const;

const trackers: readonly (readonly [string, Tracker])[] = [
  ["before init", after()],
  ["new", after(initialised, added("a", whole), run, driver, behind)],
  ["parked", after(initialised, added("a"), ...steps.settling("a"), parked)],
  ["stopped", after(initialised, added("a"), stopped)],
  ...(["preparing", "running", "retrying", "failed", "landing", "landed", "conflicted"] as const).map(
    (state) => [state, after(initialised, added("a", { probe: "todo" }), ...steps[state]("a"))] as const,
  ),
];

test.each(trackers)("tracker.json is of its schema, which names every field of it: %s", (_name, tracker) => {
  const view = JSON.parse(JSON.stringify(trackerView(tracker))) as Record<string, Record<string, object>>;
  trackerViewSchema.parse(view);
  expect(unnamed(view, trackerViewSchema.shape)).toEqual([]);
  for (const one of Object.values(view["lanes"] ?? {})) expect(unnamed(one, laneViewSchema.shape)).toEqual([]);
  for (const one of Object.values(view["agents"] ?? {})) expect(unnamed(one, agentViewSchema.shape)).toEqual([]);
});

function unnamed(value: object, shape: object): readonly string[] {
  return Object.keys(value).filter((key) => !Object.hasOwn(shape, key));
}
