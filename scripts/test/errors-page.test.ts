import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_CODE_OF_KIND } from "@orchard/kernel";
import { expect, test } from "vitest";
import { collectErrors, errorsOf } from "../errors/collect-errors.ts";
import { ambiguousCodes, errorsPage } from "../errors/errors-page.ts";
import { findPart } from "../page-part.ts";

const root = join(import.meta.dirname, "../..");
const errors = collectErrors(root);
const page = readFileSync(join(root, "docs/errors.md"), "utf8");

test("docs/errors.md lists every code of the sources, with its exit code, sentences and hints, and no other", () => {
  const listed = findPart(page, "errors");
  expect(listed, "mend it with: node --conditions=@orchard/source scripts/errors-page.ts").toBe(errorsPage(errors));
  const codes = [...(listed ?? "").matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  expect(codes).toEqual([...new Set(errors.map(({ code }) => code))]);
});

test("a code means one thing: the same kind wherever it is built", () => expect(ambiguousCodes(errors)).toEqual([]));

test("codes are in upper snake case, kinds are known", () => {
  for (const { code, kind, where } of errors) {
    expect(code, where).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(Object.keys(EXIT_CODE_OF_KIND), where).toContain(kind);
  }
});

test("the page's table has every kind with its exit code", () => {
  for (const [kind, exitCode] of Object.entries(EXIT_CODE_OF_KIND)) {
    expect(page).toMatch(new RegExp(`^\\| ${exitCode} \\| .*\\b${kind}\\b`, "m"));
  }
});

test("no hint suggests something that destroys work", () => {
  const destructive =
    /reset --hard|\bclean -|\brm -|branch -D|--force\b|\bpush -f|\bprune\b|\bstash\b|checkout --|restore \./;
  for (const { hints, where } of errors) for (const hint of hints) expect(hint, where).not.toMatch(destructive);
});

test("every sentence says something", () => {
  for (const { sentences, where } of errors) expect(sentences.length, where).toBeGreaterThan(0);
});

test("sentences and hints are read as they are written, one for each way through a condition", () => {
  const [error, ...others] = errorsOf(
    "packages/x/src/errors.ts",
    `const OLDEST = "2.39";
     export const tooOld = (found: string, many: readonly string[]) =>
       new OrchardError({
         code: "TOO_OLD",
         kind: "state",
         message: \`\${quoted(found)} of \${many.join(", ")} is \` + "older than " + OLDEST + \` (\${many.length === 1 ? "one" : "some"})\`,
         hint: found === "" ? "Install it." : \`Update \${found.slice(0, 9)}.\`,
       });`,
  );
  expect(others).toEqual([]);
  expect(error).toEqual({
    code: "TOO_OLD",
    kind: "state",
    sentences: ["‹found› of ‹many› is older than 2.39 (one | some)"],
    hints: ["Install it.", "Update ‹found›."],
    room: "x",
    where: "packages/x/src/errors.ts:3",
  });
});

test("a code that is chosen by a condition is two codes; one that is computed is refused, with its place", () => {
  const source = (code: string) =>
    `const x = 1;\nthrow new OrchardError({ code: ${code}, kind: "user", message: "m" });`;
  expect(errorsOf("packages/x/src/a.ts", source('y ? "ONE" : "TWO"')).map(({ code }) => code)).toEqual(["ONE", "TWO"]);
  expect(() => errorsOf("packages/x/src/a.ts", source("codeOf(y)"))).toThrow(/^packages\/x\/src\/a.ts:2: the code/);
});

test("a code with two kinds is named with both places", () => {
  const source = (kind: string) => `new OrchardError({ code: "ONE", kind: "${kind}", message: "m" });`;
  const both = [
    ...errorsOf("packages/x/src/a.ts", source("user")),
    ...errorsOf("packages/y/src/b.ts", source("state")),
  ];
  expect(ambiguousCodes(both)).toEqual(["ONE is user at packages/x/src/a.ts:1 and state at packages/y/src/b.ts:1"]);
});
