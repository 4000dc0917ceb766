import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkHouse } from "../house/check-house.ts";
import { drawHouse } from "../house/draw-house.ts";
import { readHouse } from "../house/read-house.ts";
import { RULES } from "../house/rules.ts";
import { sentence } from "../house/violation.ts";
import { findPart } from "../page-part.ts";
import { type Files, room, violationsWith } from "./planted-house.ts";

const root = join(import.meta.dirname, "../..");

test("the house is as the table says", () => {
  expect(checkHouse(readHouse(root), RULES).map(sentence)).toEqual([]);
});

test("the picture in ARCHITECTURE.md is the picture of the code", () => {
  const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const picture = drawHouse(readHouse(root), RULES);
  expect(findPart(page, "floors"), "mend it with: node --conditions=@orchard/source scripts/floors.ts --write").toBe(
    `\`\`\`\n${picture}\n\`\`\``,
  );
});

test("a house in order has no violation", () => expect(violationsWith({})).toEqual([]));

const kernel = "packages/kernel/src/index.ts";
const host = "packages/host/src/index.ts";
const core = "packages/core/src/index.ts";

test.each<[string, Files, string]>([
  [
    "an import upwards",
    { [host]: 'import "@orchard/core";', ...room("packages/host", ["kernel", "core"], { "some-lock": "1" }) },
    "packages/host/src/index.ts:1 [floor] host may not use core",
  ],
  [
    "an import upwards of a type only",
    { [kernel]: 'import type { X } from "@orchard/core";' },
    "[floor] kernel may not use core",
  ],
  [
    "an import upwards as a type's import()",
    { [kernel]: 'type X = import("@orchard/core").Y;' },
    "[floor] kernel may not use core",
  ],
  [
    "an import upwards at run time",
    { [kernel]: 'export const x = () => import("@orchard/core");' },
    "[floor] kernel may not use core",
  ],
  [
    "an import upwards by export from",
    { [kernel]: 'export { x } from "@orchard/core";' },
    "[floor] kernel may not use core",
  ],
  [
    "an import upwards by require",
    { [kernel]: 'declare const require: any;\nrequire("@orchard/core");' },
    "index.ts:2 [floor]",
  ],
  ["an import of a test room", { [core]: 'import "@orchard/testkit";' }, "[floor] core may not use testkit"],
  ["an import that is computed", { [kernel]: "export const x = (y: string) => import(y);" }, "[computed import]"],
  [
    "a file inside another package",
    { "packages/core/src/store/x.ts": 'import "@orchard/host/src/lock.ts";' },
    "[exports] host does not export ./src/lock.ts",
  ],
  [
    "a path into another package",
    { [core]: 'import "../../host/src/lock.ts";' },
    "[exports] ../../host/src/lock.ts leaves the room",
  ],
  ["what is meant for tests", { "packages/core/src/store/x.ts": 'import "@orchard/host/testing";' }, "is for tests"],
  ["its own name", { [host]: 'import "@orchard/host";' }, "[exports] a room imports itself by its files"],
  ["a file that is not there", { [kernel]: 'import "./gone.ts";' }, "[exports] ./gone.ts is not a source"],
  [
    "a package that the table does not allow",
    { [host]: 'import "commander";' },
    "[outside] commander may not be imported here",
  ],
  ["a path in such a package", { [host]: 'import "@scope/thing/deep";' }, "[outside] @scope/thing/deep"],
  ["Node's modules on the ground", { [kernel]: 'import { join } from "node:path";' }, "[outside] node:path"],
  ["Node's modules without node:", { [kernel]: 'import { join } from "path";' }, "[outside] path"],
  [
    "a second door to an outside tool",
    { [host]: 'import take from "some-lock";' },
    "[part] only src/lock.ts may import some-lock",
  ],
  [
    "the world in the part that must not see it",
    { [core]: 'import "node:fs";' },
    "[part] only src/store/ may import Node's modules",
  ],
  ["another room in such a part", { [core]: 'import "@orchard/host";' }, "[part] only src/store/ may import host"],
  [
    "two files that need each other",
    { "packages/host/src/a.ts": 'import "./b.ts";', "packages/host/src/b.ts": 'import "./a.ts";' },
    "packages/host/src [circle] a.ts → b.ts → a.ts is a circle",
  ],
  [
    "a circle of three, through export from",
    {
      "packages/host/src/a.ts": 'export * from "./b.ts";',
      "packages/host/src/b.ts": 'import "./x/c.ts";',
      "packages/host/src/x/c.ts": 'import "../a.ts";',
    },
    "a.ts → b.ts → x/c.ts → a.ts",
  ],
  [
    "two rooms that need each other",
    { [kernel]: 'import "@orchard/host";' },
    "the house [circle] host → kernel → host",
  ],
  [
    "a dependency that is not declared",
    { ...room("packages/host", ["kernel"]) },
    "[manifest] imports some-lock without declaring it",
  ],
  [
    "a dependency that nobody imports",
    { ...room("packages/kernel", [], { zod: "4" }) },
    "[manifest] declares zod and does not import it",
  ],
  ["a program that is not brought along", { ...room("apps/app", ["core"]) }, "[manifest] brings @orchard/tool without"],
  ["a missing reference", { ...room("apps/app", ["core"], {}, []) }, "apps/app [references] depends on core"],
  [
    "a reference too many",
    { ...room("apps/app", ["core"], {}, ["core", "host"]) },
    "[references] tsconfig.json refers to host",
  ],
  [
    "a package under another name",
    { ...room("packages/kernel", []), "packages/kernel/package.json": '{"name":"kernel"}' },
    "[manifest] its name",
  ],
  ["a word of a higher floor", { [host]: "export function lockLanes() {}" }, "index.ts:1 [word] lockLanes"],
  ["such a word in a type", { [host]: "export interface TASK_LIST {}" }, "[word] TASK_LIST"],
  [
    "such a word by another name",
    { [host]: 'import { lock } from "./lock.ts";\nexport { lock as taskLock };' },
    "index.ts:2 [word] taskLock",
  ],
  ["printing below floor 4", { [host]: 'console.error("x");' }, "[printing] console.error"],
  ["writing to the terminal below floor 4", { [host]: 'process.stdout.write("x");' }, "[printing] process.stdout"],
  [
    "printing to stdout where only stderr is a file",
    { "packages/host/src/detached.ts": 'process.stdout.write("x");' },
    "[printing] process.stdout",
  ],
  ["ending the process below floor 4", { [host]: "process.exit(1);" }, "[printing] process.exit"],
  ["waiting in pure code", { [kernel]: "export async function x() {}" }, "[pure] async"],
  ["a promise in pure code", { [kernel]: "export const x = () => Promise.resolve(1);" }, "[pure] Promise"],
  ["the clock in pure code", { [kernel]: "export const x = () => Date.now();" }, "[pure] Date.now"],
  ["the clock by another way", { [kernel]: "export const x = () => new Date();" }, "[pure] new Date()"],
  ["chance in pure code", { [kernel]: "export const x = () => Math.random();" }, "[pure] Math.random"],
  ["the environment in pure code", { [kernel]: 'export const x = process.env["X"];' }, "[pure] process.env"],
  [
    "a test that looks up",
    { "packages/host/test/a.test.ts": 'import "@orchard/core";' },
    "test/a.test.ts:1 [tests] host may not use core",
  ],
  [
    "a test that reaches into another room",
    { "packages/core/test/x/a.test.ts": 'import "../../../host/src/lock.ts";' },
    "[tests] ../../../host/src/lock.ts leaves",
  ],
  [
    "a test that uses what nobody declares",
    { "packages/host/test/a.test.ts": 'import "@orchard/testkit";' },
    "[tests] imports @orchard/testkit without",
  ],
  ["a source that is none", { [kernel]: "export const = ;" }, "packages/kernel/src/index.ts [unreadable]"],
  ["a room that the table does not know", { ...room("packages/attic", []) }, "packages/attic [unknown room]"],
  ["a room that was to come", { ...room("packages/later", []) }, "later [table] is there"],
])("%s is caught", (_, planted, violation) => {
  expect(violationsWith(planted).join("\n")).toContain(violation);
});

test.each<[string, Files]>([
  [
    "text that looks like an import",
    { [kernel]: '// import "@orchard/core";\nexport const x = `import "${1}"`;\nexport const y = /import "a"/;' },
  ],
  [
    "a type that looks back",
    {
      "packages/host/src/a.ts": 'import { b } from "./b.ts";\nexport type A = typeof b;',
      "packages/host/src/b.ts": 'import type { A } from "./a.ts";\nexport const b = (a: A) => a;',
    },
  ],
  ["stderr where it is a file", { "packages/host/src/detached.ts": 'process.stderr.write("x");' }],
  [
    "a test of its own room with its tools",
    { "packages/core/test/a.test.ts": 'import "vitest";\nimport "../src/index.ts";\nimport "@orchard/host/testing";' },
  ],
  ["a word inside a word", { [host]: "export const planesAndMultitasking = 1;" }],
  ["a date that is told", { [kernel]: "export const x = (ms: number) => new Date(ms).toISOString();" }],
])("%s is no violation", (_, planted) => {
  expect(violationsWith(planted)).toEqual([]);
});

test("a table that lets somebody look up, or names a room that is not there, is caught", () => {
  const rule = { says: "", outside: [] } as const;
  const rules = {
    kernel: { ...rule, floor: 0, mayUse: ["core"] },
    cellar: { ...rule, floor: 0, mayUse: [] },
    app: { ...rule, floor: 4, mayUse: ["core", "attic"] },
  } as const;
  const violations = violationsWith({}, rules).join("\n");
  expect(violations).toContain("kernel [table] may use core, which is on no lower floor");
  expect(violations).toContain("cellar [table] has a row, but no folder");
  expect(violations).toContain("app [table] may use attic");
});
