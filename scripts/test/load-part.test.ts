import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { compiledOf, partLoader } from "../quick/load-part.ts";

const FIRST = part(
  'const { two } = require("./second.js"); exports.sum = 1 + two(); exports.path = require("node:path");',
);
const SECOND = part("let calls = 0; exports.two = () => 2 + 0 * ++calls;");

test("parts find each other and what is not of the program, also with what was compiled of them before", () => {
  using folder = program();
  expect(load(folder.path)).toMatchObject({ sum: 3 });
  for (const name of ["first.js", "second.js"]) keepCompiled(join(folder.path, name));
  expect(load(folder.path)).toMatchObject({ sum: 3, path: "node:path" });
});

test.each([
  ["of another V8", (kept: Buffer) => Buffer.from(kept).fill(7, 4, 12)],
  ["cut off", (kept: Buffer) => kept.subarray(0, 40)],
  ["empty", () => Buffer.alloc(0)],
])("what was compiled is left aside when it is %s", (_, spoil) => {
  using folder = program();
  const file = join(folder.path, "first.js");
  keepCompiled(file);
  writeFileSync(compiledOf(file), spoil(readFileSync(compiledOf(file))));
  expect(load(folder.path)).toMatchObject({ sum: 3 });
});

function program() {
  const folder = temporaryFolder("quick program");
  writeFileSync(join(folder.path, "first.js"), FIRST);
  writeFileSync(join(folder.path, "second.js"), SECOND);
  return folder;
}

function load(folder: string): object {
  return partLoader(folder, (id) => id)("first.js");
}

function keepCompiled(file: string): void {
  const script = new Script(readFileSync(file, "utf8"), { filename: file });
  writeFileSync(compiledOf(file), script.createCachedData());
}

function part(body: string): string {
  return `(function(exports,require,module,__filename,__dirname){\n${body}\n})`;
}
