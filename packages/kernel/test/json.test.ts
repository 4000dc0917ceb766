import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../src/index.ts";

test("the order in which keys were set does not show", () => {
  expect(canonicalJson({ b: 1, a: { d: [1, { z: 0, y: 0 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[1,{"y":0,"z":0}]},"b":1}',
  );
});

test("a key named __proto__ is kept as a key", () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}');
});

test("equal values give equal text, and the text means the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(backwards(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 5_000 },
  );
});

test("nothing at all is null", () => expect(canonicalJson(undefined)).toBe("null"));

function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, backwards(part)]),
  );
}
