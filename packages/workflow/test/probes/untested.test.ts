import { expect, test } from "vitest";
import { probeUntested } from "../../src/probes/built-in/untested/untested.ts";
import { surveyOf } from "./survey-of.ts";

const JS = "export function f() {\n  return 1;\n}\n";
const PY = "def f():\n    return 1\n";
const GO = "package a\n\nfunc F() int { return 1 }\n";
const RS = "pub fn f() -> i32 { 1 }\n";

test.each([
  ["named after it, beside it", { "src/a.ts": JS, "src/a.test.ts": "", "src/b.ts": JS }, ["src/b.ts"]],
  ["named after it, in another folder", { "lib/a.js": JS, "test/a.js": "", "lib/b.js": JS }, ["lib/b.js"]],
  ["of Node's habit", { "lib/a.js": JS, "test/test-a.js": "", "lib/b.js": JS }, ["lib/b.js"]],
  [
    "that imports it with another extension",
    { "src/a.ts": JS, "test/x.test.ts": 'import { f } from "../src/a.js";', "src/b.ts": JS },
    ["src/b.ts"],
  ],
  [
    "that imports what imports it",
    {
      "src/a.ts": 'export { f } from "./b.ts";\nexport const g = () => 1;',
      "src/b.ts": JS,
      "src/c.ts": JS,
      "test/x.test.ts": 'import "../src/a";',
    },
    ["src/c.ts"],
  ],
  [
    "that imports the package by its name",
    { "package.json": '{"name": "@me/p"}', "src/index.ts": JS, "src/b.ts": JS, "test/x.test.ts": 'import "@me/p";' },
    ["src/b.ts"],
  ],
  [
    "that starts it",
    { "bin/tool.js": JS, "src/b.js": JS, "test/x.test.js": 'spawn("node", ["tool.js"])' },
    ["src/b.js"],
  ],
  ["of Python, by name", { "pkg/a.py": PY, "tests/test_a.py": "", "pkg/b.py": PY }, ["pkg/b.py"]],
  [
    "of Python, by import",
    { "src/pkg/a.py": PY, "tests/test_x.py": "from pkg import a", "src/pkg/b.py": PY },
    ["src/pkg/b.py"],
  ],
  [
    "of Python, relative and in brackets",
    { "pkg/a.py": PY, "pkg/b.py": PY, "pkg/c.py": PY, "pkg/tests/test_x.py": "from .. import (\n  a,\n  b,\n)\n" },
    ["pkg/c.py"],
  ],
  ["of Go, in its folder", { "a/a.go": GO, "a/a_test.go": "package a", "b/b.go": GO }, ["b/b.go"]],
  [
    "of Go, by import",
    { "go.mod": "module m", "a/a.go": GO, "a/a_test.go": 'package a\nimport "m/b"\n', "b/b.go": GO, "c/c.go": GO },
    ["c/c.go"],
  ],
  ["of Rust, in the file", { "src/a.rs": `${RS}#[cfg(test)]\nmod tests {}\n`, "src/b.rs": RS }, ["src/b.rs"]],
  ["of Rust, for the crate", { "src/a.rs": RS, "tests/all.rs": "use m::a;", "other/src/b.rs": RS }, ["other/src/b.rs"]],
  [
    "of Java, by name",
    {
      "src/main/java/p/A.java": "class A { int f() { return 1; } }",
      "src/test/java/p/ATest.java": "class ATest { }",
      "src/main/java/p/B.java": "class B { int f() { return 1; } }",
    },
    ["src/main/java/p/B.java"],
  ],
])("a test %s leads to a source", async (_, files, untested) => {
  const { gaps } = await probeUntested(surveyOf(files), () => undefined);
  expect(gaps.flatMap((gap) => gap.files)).toEqual(untested);
});

test.each([
  ["types alone", { "src/a.ts": "export interface A { x: number }\nexport type B = A;" }],
  ["what only hands on", { "src/index.ts": 'export { f } from "./f.ts";\nexport * from "./g.ts";' }],
  ["declarations", { "src/a.d.ts": "export declare function f(): void;" }],
  ["set-up", { "vite.config.ts": JS, "scripts/release.js": JS, "examples/a.js": JS }],
  ["what a build made", { "dist/a.js": JS, "lib/a.js": JS, "src/a.test.ts": "" }],
  ["other people's code", { "vendor/x/a.go": GO, "node_modules/x/a.js": JS }],
  ["generated code", { "src/a.ts": `// @generated\n${JS}` }],
])("of %s nobody wants a test", async (_, files) => {
  const { gaps } = await probeUntested(surveyOf({ ...files, "test/x.test.js": "" }), () => undefined);
  expect(gaps).toEqual([]);
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ["src of another language", { "lib/a.js": JS, "src/w.cc": "int w() { return 1; }" }, ["lib/a.js"]],
  ["src with declarations alone", { "lib/a.js": JS, "src/a.d.ts": "export declare function f(): void;" }, ["lib/a.js"]],
  ["src with other scripts", { "p/lib/a.js": JS, "p/src/page.js": JS }, ["p/lib/a.js", "p/src/page.js"]],
  ["src that it is the build of", { "p/lib/a.js": JS, "p/lib/b.js": JS, "p/src/a.js": JS }, ["p/src/a.js"]],
  ["src that has to be compiled", { "lib/bundle.js": JS, "src/a.ts": JS }, ["src/a.ts"]],
  ["src, itself TypeScript", { "lib/a.ts": JS, "src/w.cc": "" }, ["lib/a.ts"]],
])("lib beside %s is what somebody wrote unless it is the build of src", async (_, files, untested) => {
  const { gaps } = await probeUntested(surveyOf({ ...files, "test/x.test.js": "" }), () => undefined);
  expect(gaps.flatMap((gap) => gap.files)).toEqual(untested);
});

test("code that is made to keep a reader busy is read to its end", async () => {
  const many = (text: string) => text.repeat(100_000);
  const files = {
    "a.js": `${many("/*")}\n`,
    "b.js": `${many("import ")}\n`,
    "c/c.go": many("import (\n"),
    "d.py": `${many("\n")}x = 1\n${many("from a import (\n")}`,
    "E.kt": many("word\n"),
    "src/f.rs": `${many("\n")}x\n${many("pub(\n")}`,
    "test/a.test.js": "test();\n",
  };
  expect((await probeUntested(surveyOf(files), () => undefined)).probe).toBe("untested");
});

test("a project without any test has one grave gap, not one for each file", async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`src/${at % 7}/f${at}.ts`, JS]));
  const { gaps } = await probeUntested(surveyOf(files), () => undefined);
  expect(gaps.map(({ severity, title }) => ({ severity, title }))).toEqual([
    { severity: "high", title: "There is no test for 300 JavaScript/TypeScript files" },
  ]);
});
