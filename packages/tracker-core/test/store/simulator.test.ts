import { tried } from "@orchard/testkit";
import { expect, test } from "vitest";
import { caughtIn } from "../simulator/broken.ts";
import { BROKEN_RULES } from "../simulator/broken-rules.ts";
import { runHistory } from "../simulator/run-history.ts";

const HISTORIES = Number(process.env["ORCHARD_HISTORIES"] ?? 800);
const MOST = 5000;

test(`${HISTORIES} simulated histories keep every promise`, async ({ task }) => {
  tried(task, HISTORIES);
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const { broken } = await runHistory(seed);
    expect(broken, `replay: run.ts --seed ${seed}`).toEqual([]);
  }
}, 600_000);

test("the same seed makes the same history", async () => {
  for (const seed of [3, 30, 300]) expect(await runHistory(seed)).toEqual(await runHistory(seed));
});

test.each(BROKEN_RULES)(
  "without its rule the store is caught: $rule",
  async (rule) => {
    expect(await caughtIn(rule, MOST)).toBeDefined();
  },
  600_000,
);

test.each([
  [57717, "a first segment that a late creator brought back hides no history"],
  [65755, "the loser behind a damaged winner does not take its place"],
  [68776, "a recovered segment forgets nothing that only its poisoned original knew"],
])("seed %i: %s", async (seed) => {
  expect((await runHistory(seed)).broken).toEqual([]);
});
