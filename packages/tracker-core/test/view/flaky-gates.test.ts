import { expect, test } from "vitest";
import { EMPTY_TRACKER, flakyGates, flakyOf, isGreen, type Receipt, redOf } from "../../src/index.ts";

const run = (command: string, code: number, commit = "c"): Receipt => ({
  commit,
  command,
  code,
  signal: null,
  timedOut: false,
  digest: "",
  tail: "",
  elapsedMs: 1,
});

test.each([
  ["green once", [run("t", 0)], undefined, []],
  ["red once", [run("t", 1)], "t", []],
  ["red twice is red", [run("t", 1), run("t", 1)], "t", []],
  ["red, then green on the same tree, is flaky and counts as green", [run("t", 1), run("t", 0)], undefined, ["t"]],
  ["a green run of another tree says nothing", [run("t", 1), run("t", 0, "d")], "t", []],
  ["the second run may find another red", [run("a", 1), run("a", 0), run("b", 1)], "b", ["a"]],
])("%s", (_, receipts, red, flaky) => {
  expect(redOf(receipts)?.command).toBe(red);
  expect(flakyOf(receipts).map(({ command }) => command)).toEqual(flaky);
});

test("a command that ran out of time is not green, whatever it exited with", () => {
  expect(isGreen({ ...run("t", 0), timedOut: true })).toBe(false);
});

test("flaky commands are listed once each, with where they were seen", () => {
  const receipts = [run("t", 1), run("t", 0)];
  const base = { checked: { commit: "c", green: true, receipts } };
  expect(flakyGates({ ...EMPTY_TRACKER, base })).toEqual([{ command: "t", seenIn: ["base"] }]);
  expect(flakyGates(EMPTY_TRACKER)).toEqual([]);
});
