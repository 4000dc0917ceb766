import { expect, test } from "vitest";
import { judge, median } from "../../benchmarks/report.ts";

test("a goal of at least so many times as good: their time over ours, round by round", () => {
  const row = judge({ what: "x", ours: [1, 2, 1], theirs: [20, 44, 30], goal: { atLeast: 20 } });
  expect(row).toMatchObject({ ours: 1, theirs: 30, ratio: 22, goal: "≥ 20 ×", met: true });
});

test("a goal of at most a share: our time over theirs", () => {
  const row = judge({ what: "x", ours: [7, 6], theirs: [10, 10], goal: { atMost: 0.6 } });
  expect(row.ratio).toBeCloseTo(0.65);
  expect(row).toMatchObject({ goal: "≤ 0.6 ×", met: false });
});

test("for rates more is better", () => {
  const row = judge({ what: "x", ours: [400], theirs: [20], unit: "/s", better: "higher", goal: { atLeast: 20 } });
  expect(row).toMatchObject({ ratio: 20, met: true });
  expect(judge({ what: "x", ours: [30], theirs: [40], better: "higher", goal: { atMost: 1.25 } }).met).toBe(false);
});

test("without another side the figure itself is judged; without a goal nothing is", () => {
  expect(judge({ what: "x", ours: [2_000, 4_000, 2_500], goal: { atMost: 3_000 } })).toMatchObject({
    ours: 2_500,
    goal: "≤ 3000 ms",
    met: true,
  });
  expect(judge({ what: "x", ours: [1], theirs: [2] })).toMatchObject({ ratio: 2, met: undefined });
});

test("rounds without a partner are refused", () => {
  expect(() => judge({ what: "x", ours: [1, 2], theirs: [1] })).toThrow(/same number of rounds/);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
