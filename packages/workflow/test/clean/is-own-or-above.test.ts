import { expect, test } from "vitest";
import { isOwnOrAbove } from "../../src/clean/is-own-or-above.ts";

test("this process and those that it was started from are told from all others", () => {
  expect([process.pid, process.ppid].map(isOwnOrAbove)).toEqual([true, true]);
  expect(isOwnOrAbove(2 ** 30)).toBe(false);
});
