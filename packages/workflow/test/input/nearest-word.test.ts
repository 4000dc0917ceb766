import { expect, test } from "vitest";
import { nearestWord } from "../../src/input/nearest-word.ts";

const WORDS = ["tasks", "parallel", "priority", "dependsOn", "env"];

test.each([
  ["taks", "tasks"],
  ["Tasks", "tasks"],
  ["paralel", "parallel"],
  ["depends_on", "dependsOn"],
  ["dependson", "dependsOn"],
  ["en", "env"],
  ["evn", "env"],
])("%s was probably meant to be %s", (typed, meant) => expect(nearestWord(typed, WORDS)).toBe(meant));

test.each(["zebra", "", "x", "command", "p".repeat(100_000)])("%s is like none of them", (typed) =>
  expect(nearestWord(typed, WORDS)).toBeUndefined(),
);

test("among no words none is near", () => expect(nearestWord("tasks", [])).toBeUndefined());
