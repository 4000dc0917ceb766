import fc from "fast-check";
import { expect, test } from "vitest";
import { beginning, LONGEST_GAP_MS, look, reached } from "../../src/supervise/lived-time.ts";

const LIMITS = { idleMs: 20_000, totalMs: 60_000, outputBytes: 1, graceMs: 1 };

test("an agent that slept with its machine is neither idle nor over its time when it wakes", () => {
  let time = look(beginning(0), 10_000, false, 10_000);
  time = look(time, 10_000 + 8 * 3600_000, false, 10_000);
  expect(reached(time, LIMITS)).toBeUndefined();
  expect(time.quiet).toBe(0);
});

test("negative control: by the clock alone it is both, and the same look says so", () => {
  const clockOnly = { looked: 0, lived: 8 * 3600_000, quiet: 8 * 3600_000 };
  expect(reached(clockOnly, LIMITS)).toBe("overtime");
  expect(reached(clockOnly, { ...LIMITS, totalMs: Number.POSITIVE_INFINITY })).toBe("idle");
});

test("quiet time adds up over looks and starts anew with activity", () => {
  let time = beginning(0);
  for (let now = 1000; now <= 19_000; now += 1000) time = look(time, now, false, 1000);
  expect(reached(time, LIMITS)).toBeUndefined();
  expect(reached(look(time, 20_000, false, 1000), LIMITS)).toBe("idle");
  expect(reached(look(time, 20_000, true, 1000), LIMITS)).toBeUndefined();
});

test("an agent that was held up together with who watches it is not idle before it could show life", () => {
  let time = look(beginning(0), 1000, false, 1000);
  time = look(time, 29_000, false, 1000);
  expect(reached(time, LIMITS)).toBeUndefined();
  expect(time).toMatchObject({ lived: 29_000, quiet: 3000 });
});

test("lived time never grows by more than what passed, nor by a jump, in either direction", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.boolean())), (steps) => {
      let now = 0;
      let time = beginning(0);
      for (const [step, isActive] of steps) {
        const before = time;
        now += step;
        time = look(time, now, isActive, 1000);
        expect(time.lived - before.lived).toBeLessThanOrEqual(Math.min(Math.max(0, step), LONGEST_GAP_MS));
        expect(time.lived).toBeGreaterThanOrEqual(before.lived);
        expect(time.quiet).toBeLessThanOrEqual(time.lived);
      }
    }),
  );
});
