import type { Code } from "./untested.ts";

/**
 * What can be come to from the tests by imports: `own` what a test itself imports, `through` the rest. `importsOf` gives
 * the paths of known files. Linear in the number of imports.
 */
export function reachOf(
  tests: readonly Code[],
  all: readonly Code[],
  importsOf: (code: Code) => readonly string[],
): Map<string, "own" | "through"> {
  const byPath = new Map(all.map((code) => [code.path, code]));
  const isTest = new Set(tests.map(({ path }) => path));
  const reached = new Map<string, "own" | "through">();
  const queue = tests.map((code) => ({ code, from: "test" as "test" | "source" }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { code, from } = next;
    for (const path of importsOf(code)) {
      const found = byPath.get(path);
      if (found === undefined || isTest.has(path)) continue;
      const how = from === "test" ? "own" : "through";
      const before = reached.get(path);
      if (before === undefined) queue.push({ code: found, from: "source" });
      if (before === undefined || how === "own") reached.set(path, how);
    }
  }
  return reached;
}

/** The file's name without extension. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.indexOf(".", 1);
  return dot === -1 ? name : name.slice(0, dot);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
