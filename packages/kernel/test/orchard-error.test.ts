import { expect, test } from "vitest";
import { assertNever, type ErrorKind, isOrchardError, isoTime, isSystemError, OrchardError } from "../src/index.ts";

test.each([
  ["failed", 1],
  ["internal", 1],
  ["user", 2],
  ["state", 3],
  ["lock", 4],
  ["conflict", 5],
  ["interrupted", 130],
] as const)("kind %s ends a program with %i", (kind: ErrorKind, exitCode) => {
  expect(new OrchardError({ code: "SOME_CODE", kind, message: "It is so." }).exitCode).toBe(exitCode);
});

test("it carries code, hint, details and cause, and prints like an error", () => {
  const cause = new Error("below");
  const error = new OrchardError({ code: "X", kind: "state", message: "m.", hint: "h", details: { id: 1 }, cause });
  expect(error).toMatchObject({ code: "X", hint: "h", details: { id: 1 }, cause, name: "OrchardError" });
  expect(String(error)).toBe("OrchardError: m.");
  expect("cause" in new OrchardError({ code: "X", kind: "state", message: "m." })).toBe(false);
});

test("it is known by its code, and nothing else is taken for one", () => {
  const error: unknown = new OrchardError({ code: "X", kind: "user", message: "m." });
  expect([isOrchardError(error), isOrchardError(error, "X"), isOrchardError(error, "Y")]).toEqual([true, true, false]);
  for (const other of [new Error("X"), { code: "X" }, null, undefined, "X"]) expect(isOrchardError(other)).toBe(false);
});

test("a system error is known by one of its codes", () => {
  const error = Object.assign(new Error("no such file"), { code: "ENOENT" });
  expect(isSystemError(error, "EEXIST", "ENOENT")).toBe(true);
  expect(isSystemError(error, "EEXIST")).toBe(false);
  expect(isSystemError({ code: "ENOENT" }, "ENOENT")).toBe(false);
});

test("a case that cannot happen says which", () => {
  expect(() => assertNever({ type: "surprise" } as never)).toThrow(/"surprise"/);
  expect(() => assertNever(undefined as never)).toThrow(/undefined/);
});

test("an instant is written in UTC with milliseconds", () => {
  expect(isoTime(1_795_240_800_000)).toBe("2026-11-21T06:00:00.000Z");
});
