import fc from "fast-check";
import { expect, test } from "vitest";
import { joinNul, shownPath, splitNul } from "../../src/git/paths.ts";

test("any list of names comes through -z unchanged", () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)));
  fc.assert(fc.property(fc.array(name), (names) => void expect(splitNul(joinNul(names))).toEqual(names)));
});

test("names that are not UTF-8 are shown with their bytes", () => {
  expect(shownPath(Buffer.from([0x66, 0xff, 0x6f]))).toBe("f\\xffo");
  expect(shownPath(Buffer.from('äö\n"'))).toBe('äö\n"');
});
