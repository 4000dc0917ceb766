import { join } from "node:path";
import { expect, test } from "vitest";
import { readExports } from "../api/read-exports.ts";

const reading = await readExports(join(import.meta.dirname, ".."));

test("every export of a library says what it is", () => {
  expect(reading.exports).toBeGreaterThan(400);
  expect(reading.undocumented).toEqual([]);
});

test("what the docstrings refer to is there", () => expect(reading.complaints).toEqual([]));
