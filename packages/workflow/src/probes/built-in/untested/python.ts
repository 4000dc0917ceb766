import { folderOf, reachOf, stemOf } from "./reach.ts";
import type { Code, Rules } from "./untested.ts";

/** Python: `test_x.py`, `x_test.py`, and what tests import by its dotted name. */
export const pythonRules: Rules = {
  says: "Python",
  hasBehaviour: ({ text }) => /^[^\S\n]*(?:async\s+)?def\s|\blambda\b/m.test(text),
  covered({ sources, tests, all }) {
    const modules = modulesOf(all);
    const names = new Set(tests.map(({ path }) => subjectOf(path)));
    const reached = reachOf(tests, all, (code) => importsOf(code, modules));
    for (const { path } of sources) {
      const stem = stemOf(path);
      const folder = folderOf(path).split("/").at(-1) ?? "";
      const own = stem === "__init__" ? [folder] : [stem, stem.replace(/^_+/, ""), `${folder}_${stem}`];
      if (own.some((name) => name !== "" && names.has(name))) reached.set(path, "own");
    }
    return reached;
  },
};

function subjectOf(path: string): string {
  return stemOf(path)
    .replace(/^tests?_/, "")
    .replace(/_tests?$/, "");
}

/** Files by every end of their dotted names: the folder that is on the path of imports is not known. */
function modulesOf(all: readonly Code[]): ReadonlyMap<string, readonly string[]> {
  const modules = new Map<string, string[]>();
  for (const { path } of all) {
    const parts = path.replace(/\.py$/, "").split("/");
    if (parts.at(-1) === "__init__") parts.pop();
    for (let from = 0; from < parts.length; from++) {
      const name = parts.slice(from).join(".");
      const known = modules.get(name);
      if (known === undefined) modules.set(name, [path]);
      else known.push(path);
    }
  }
  return modules;
}

function importsOf({ path, text }: Code, modules: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  const add = (name: string) => {
    // Whoever imports a.b.c runs a and a.b too.
    const parts = name.split(".");
    for (let length = parts.length; length > 0; length--) {
      found.push(...(modules.get(parts.slice(0, length).join(".")) ?? []));
    }
  };
  const from = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)?|([^\n]*))/gm;
  for (const [, dots = "", module = "", many, one = ""] of text.matchAll(from)) {
    const base = dots === "" ? module : [...packageOf(path, dots.length), ...(module === "" ? [] : [module])].join(".");
    add(base);
    for (const name of (many ?? one).replace(/#[^\n]*/g, "").split(",")) {
      const word = /^\s*(\w+)/.exec(name)?.[1];
      if (word !== undefined && modules.has(`${base}.${word}`)) add(`${base}.${word}`);
    }
  }
  for (const [, names = ""] of text.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)/gm)) {
    for (const name of names.split(",")) add(name.trim().split(/\s/)[0] ?? "");
  }
  for (const [, name = ""] of text.matchAll(/["']((?:\w+\.)+\w+)["']/g)) if (modules.has(name)) add(name);
  return found;
}

function packageOf(path: string, dots: number): readonly string[] {
  const folders = folderOf(path)
    .split("/")
    .filter((part) => part !== "");
  return folders.slice(0, Math.max(0, folders.length - (dots - 1)));
}
