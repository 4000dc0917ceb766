import fc from "fast-check";
import { expect, test } from "vitest";
import type { Progress, TaskRecord } from "../../src/index.ts";
import { recordOf, specOf } from "../task-builders.ts";
import { HOLDERS_VERBS, liveThrough, randomWishes } from "./random-progress.ts";

const RUNS = process.env["ORCHARD_LONG"] === "1" ? 20_000 : 400;
type Step = Parameters<Parameters<typeof liveThrough>[1]>[0];

function always(look: (step: Step) => void): void {
  fc.assert(
    fc.property(randomWishes, (life) => void liveThrough(life, look)),
    { numRuns: RUNS },
  );
}

const records = (progress: Progress): readonly TaskRecord[] => Object.values(specOf(progress).tasks);

test("the number of a task's claims only rises, and every new claim raises it", () => {
  always(({ before, after, facts }) => {
    for (const { id, epoch, claim } of records(after)) {
      const was = recordOf(before, id);
      expect(epoch).toBeGreaterThanOrEqual(was?.epoch ?? 0);
      if (claim !== undefined) expect(claim.epoch).toBe(epoch);
      if (claim !== undefined && claim.tokenHash !== was?.claim?.tokenHash) expect(epoch).toBe((was?.epoch ?? 0) + 1);
    }
    const claimed = facts.filter(({ type }) => type === "task-claimed");
    expect(claimed.length).toBeLessThanOrEqual(1);
  });
});

test("a task has a holder exactly while it is worked on", () => {
  always(({ after }) => {
    for (const { claim, state } of records(after)) expect(claim !== undefined).toBe(state === "in_progress");
  });
});

test("who holds a task loses it only by its own word, or to one who says what became of it", () => {
  always(({ before, after, wish, facts }) => {
    for (const { id, claim } of records(before)) {
      if (claim === undefined || recordOf(after, id)?.claim?.epoch === claim.epoch) continue;
      const own = HOLDERS_VERBS.has(wish.verb) && !wish.isStale;
      expect(own || facts.some(({ type }) => type === "claim-taken-over")).toBe(true);
    }
  });
});

test("a stale proof changes nothing, ever", () => {
  let tried = 0;
  always(({ before, wish, facts, code, after }) => {
    if (!HOLDERS_VERBS.has(wish.verb) || !wish.isStale || recordOf(before, wish.id)?.claim === undefined) return;
    tried += 1;
    expect(code).toBe("STALE_CLAIM");
    expect(facts).toEqual([]);
    expect(after).toBe(before);
  });
  expect(tried).toBeGreaterThan(0);
});

test("negative control: without the number of the claim a stale proof does change something", () => {
  expect(() =>
    always(({ before, wish, facts }) => {
      if (!HOLDERS_VERBS.has(wish.verb) || recordOf(before, wish.id)?.claim === undefined) return;
      // What is accepted from the present holder would be accepted from an earlier one.
      expect(facts).toEqual([]);
    }),
  ).toThrow();
});
