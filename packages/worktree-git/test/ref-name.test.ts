import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { branchRef, isOid, parseOid, parseRef, shortName } from "../src/index.ts";

const BAD = [
  "main",
  "refs/heads/",
  "refs/heads/-x",
  "refs/heads/a..b",
  "refs/heads/a.lock",
  "refs/heads/a b",
  "refs/heads/@{1}",
  "refs/heads/.a",
  "refs/heads/a//b",
  "refs/heads/a~1",
  "refs/heads/a^",
  "refs/heads/a:b",
  "refs/heads/a?",
  "refs/heads/a*",
  "refs/heads/a[",
  "refs/heads/a\\b",
  "refs/heads/a\u0000",
  "refs/heads/a\n",
  "refs/heads/a.",
  "refs/heads/HEAD",
  "refs/x",
  `refs/heads/${"x".repeat(300)}`,
  "",
  "--all",
  "refs/heads/a/.b",
  "refs/heads/b.lock/c",
];

test.each(BAD)("%j is refused as a ref", (text) => {
  expect(() => parseRef(text)).toThrow(expect.objectContaining({ code: "BAD_REF" }));
});

test("full refs of any language are taken, and shown short", () => {
  expect(shortName(parseRef("refs/heads/feature/ümläut-1"))).toBe("feature/ümläut-1");
  expect(shortName(parseRef("refs/orch/landed/main"))).toBe("refs/orch/landed/main");
  expect(branchRef("lane-x")).toBe("refs/heads/lane-x");
});

test("whatever we take as a ref, git takes too", () => {
  const piece = fc.string({ unit: fc.constantFrom(..."ab-./@{~^:*[\\ \u00e9\u0001lock".split("")), maxLength: 12 });
  fc.assert(
    fc.property(piece, (text) => {
      let ref: string;
      try {
        ref = branchRef(text);
      } catch {
        return;
      }
      expect(spawnSync("git", ["check-ref-format", ref]).status).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("an object id is whole, lower case and hexadecimal", () => {
  expect(isOid("a".repeat(40))).toBe(true);
  expect(isOid("a".repeat(64))).toBe(true);
  for (const text of ["a".repeat(39), "A".repeat(40), "--all", `${"a".repeat(40)}\n`, "HEAD"]) {
    expect(() => parseOid(text)).toThrow(expect.objectContaining({ code: "BAD_OBJECT_ID" }));
  }
});
