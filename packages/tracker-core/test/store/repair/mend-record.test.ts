import { expect, test } from "vitest";
import { encodeLine } from "../../../src/store/files/line.ts";
import { MOST_HASHED, mendRecords } from "../../../src/store/repair/mend-record.ts";

test("a flipped bit of a line of some thousand bytes is found", () => {
  const whole = line(1, 4000);
  const torn = flipped(whole, 60);
  const [mended] = mendRecords(torn, new Set(), { left: MOST_HASHED });
  expect(mended?.bytes).toEqual(whole);
});

test("a long line is not tried at all, and many torn ones share one effort", () => {
  const effort = { left: MOST_HASHED };
  expect(mendRecords(flipped(line(1, 37_000), 60), new Set(), effort)).toEqual([]);
  expect(effort.left).toBe(MOST_HASHED);
  let mended = 0;
  for (let seq = 2; seq < 200; seq += 1) mended += mendRecords(flipped(line(seq, 5000), 60), new Set(), effort).length;
  expect(effort.left).toBeGreaterThanOrEqual(0);
  expect(mended).toBeGreaterThan(0);
  expect(mended).toBeLessThan(10);
});

test("whatever was tried before, the same journal is mended alike", () => {
  const all = Array.from({ length: 20 }, (_, index) => flipped(line(300 + index, 3000), 60));
  const look = () => {
    const effort = { left: MOST_HASHED };
    return all.map((torn) => mendRecords(torn, new Set(), effort).length);
  };
  expect(look()).toEqual(look());
});

function line(seq: number, length: number): Buffer {
  const { bytes } = encodeLine({
    ...{ v: 1, seq, prev: "0".repeat(32), durable: 0, id: "~a", at: "2026-01-01T00:00:00.000Z" as never },
    ...{ boot: "b", by: "test", stream: "counts", facts: [], outcome: "x".repeat(length) },
    describe: "long",
  });
  return bytes.subarray(1, -1);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
