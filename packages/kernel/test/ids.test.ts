import { execFileSync } from "node:child_process";
import { basename, dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isOrchardError, parseLaneId, parseRunId, parseTaskId, parseTrackId, whyNotAnId } from "../src/index.ts";

const LONG = process.env["ORCHARD_LONG"] === "1";

test.each([
  "a",
  "api",
  "t-1",
  "0",
  "_x",
  "a.b.c",
  "fix_the-thing.v2",
  "x".repeat(64),
  "head-first",
  "console",
  "locks",
])("%s is a lane id", (id) => expect(parseLaneId(id)).toBe(id));

test.each([
  ["", "it is empty"],
  ["x".repeat(65), "it is 65 characters long, 64 are allowed"],
  ["x".repeat(300), "it is 300 characters long, 64 are allowed"],
  ["../x", "only a-z"],
  ["..", "it starts with '.'"],
  [".", "it starts with '.'"],
  [".hidden", "it starts with '.'"],
  ["-x", "it starts with '-'"],
  ["--help", "it starts with '-'"],
  ["a..b", "it contains '..'"],
  ["a.", "it ends with '.'"],
  ["x.lock", "it ends with '.lock'"],
  ["head", "it is a reserved word"],
  ["fetch_head", "it is a reserved word"],
  ["__proto__", "it is a reserved word"],
  ["constructor", "it is a reserved word"],
  ["nul", "it is a reserved word"],
  ["nul.txt", "it is a reserved word"],
  ["@", "only a-z"],
  ["a@{1}", "only a-z"],
  ["a/b", "only a-z"],
  ["a\\b", "only a-z"],
  ["a b", "only a-z"],
  ["a\n", "only a-z"],
  ["a\0", "only a-z"],
  ["a~1", "only a-z"],
  ["a^", "only a-z"],
  ["a:b", "only a-z"],
  ["a*", "only a-z"],
  ["$(x)", "only a-z"],
  ["x'y", "only a-z"],
  ["API", "only a-z"],
  ["\u0430pi", "only a-z"],
  ["ap\u0131", "only a-z"],
  ["\uff41pi", "only a-z"],
  ["a\u200bpi", "only a-z"],
  ["a\u0301", "only a-z"],
  ["\u212a", "only a-z"],
  ["lane-🌳", "only a-z"],
])("%j is no lane id", (text, why) => {
  expect(whyNotAnId(text, "lower case")).toContain(why);
  expect(() => parseLaneId(text)).toThrow(/is not a lane id/);
});

test("a task keeps its case; HEAD, Nul and X.LOCK are reserved in any case", () => {
  expect(parseTaskId("T031")).toBe("T031");
  for (const text of ["HEAD", "Head", "Nul", "COM1.txt", "X.LOCK", "__Proto__", "toString", "hasOwnProperty"]) {
    expect(() => parseTaskId(text), text).toThrow(/is not a task id/);
  }
});

test("every word is checked and says its own name", () => {
  expect(() => parseTrackId("Track-1")).toThrow(/is not a track id/);
  expect(() => parseRunId("run/1")).toThrow(/is not a run id/);
});

test("the refusal is a user's error with the offending text cut short and made printable", () => {
  const error = thrownBy(() => parseLaneId(`\u001b]52;c;aGk=\u0007\u009b31m\u202e${"x".repeat(5_000)}`));
  expect(isOrchardError(error, "BAD_ID")).toBe(true);
  if (!isOrchardError(error)) return;
  expect(error.exitCode).toBe(2);
  expect(error.message.length).toBeLessThan(250);
  expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(error.hint).toContain('"lane-1"');
});

test("no name that objects are born with is an id", () => {
  for (const name of Object.getOwnPropertyNames(Object.prototype)) expect(() => parseTaskId(name), name).toThrow();
});

test("of 100,000 names, exactly those that the rules allow are ids, and each is harmless everywhere", () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyName, (text) => {
      const isId = whyNotAnId(text, "any case") === undefined;
      expect(isId).toBe(allowedByTheRules(text));
      if (isId) {
        accepted++;
        expectHarmless(text);
      }
    }),
    { numRuns: LONG ? 1_000_000 : 100_000 },
  );
  expect(accepted, "the names are not all refused").toBeGreaterThan(10_000);
});

test("git takes every lane id as part of a branch name", () => {
  const laneId = anyName.filter((text) => whyNotAnId(text, "lower case") === undefined);
  fc.assert(
    fc.property(laneId, (id) => {
      for (const ref of [`refs/heads/lane-${id}`, `refs/orch/rescue/${id}/1`]) {
        execFileSync("git", ["check-ref-format", ref], { stdio: "ignore" });
      }
    }),
    { numRuns: LONG ? 2_000 : 100 },
  );
});

test("a text of ten million characters is refused at once", () => {
  for (const part of [".", "-", "a", "a.", "\u0430", ".lock"]) {
    expect(whyNotAnId(part.repeat(10_000_000 / part.length), "any case")).toContain("64 are allowed");
  }
});

const CHARACTERS = "abcxyzABCXYZ0189._-";
const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 60, maxLength: 68 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...CHARACTERS, "/", "\\", " ", "\n", "\0", "@", "~", "а", "＿"), maxLength: 10 }),
  fc
    .tuple(
      fc.constantFrom("HEAD", "head", "nul", "Con", "__proto__", "constructor", "com1", "x"),
      fc.constantFrom("", ".lock", ".LOCK", ".a", ".", "-a", "..b"),
    )
    .map(([start, end]) => start + end),
);

/** The page's sentence, read character by character instead of by pattern. */
function allowedByTheRules(text: string): boolean {
  const lower = text.toLowerCase();
  const stem = lower.split(".")[0] ?? "";
  const reserved = [...OF_GIT, ...OF_WINDOWS, ...Object.getOwnPropertyNames(Object.prototype), "prototype"];
  return (
    text.length >= 1 &&
    text.length <= 64 &&
    [...text].every(
      (c) => (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || (c >= "0" && c <= "9") || "._-".includes(c),
    ) &&
    text[0] !== "." &&
    text[0] !== "-" &&
    text.at(-1) !== "." &&
    text.split("..").length === 1 &&
    lower.slice(-5) !== ".lock" &&
    !reserved.some((word) => word.toLowerCase() === lower || word.toLowerCase() === stem)
  );
}

const OF_GIT =
  "HEAD ORIG_HEAD FETCH_HEAD MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD REBASE_HEAD BISECT_HEAD AUTO_MERGE".split(" ");
const OF_WINDOWS = ["con", "prn", "aux", "nul", ...Array.from("0123456789", (n) => [`com${n}`, `lpt${n}`]).flat()];

function expectHarmless(id: string): void {
  const folder = "/some/folder";
  const path = resolve(join(folder, id));
  if (dirname(path) !== folder || basename(path) !== id) throw new Error(`${id} leaves its folder`);
  if (id.startsWith("-") || encodeURIComponent(id) !== id) throw new Error(`${id} is no plain argument`);
  if (Reflect.get({}, id) !== undefined) throw new Error(`${id} is a key of every object`);
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("It did not throw.");
}
