import { posix } from "node:path";
import { folderOf, reachOf, stemOf } from "./reach.ts";
import type { Code, Rules } from "./untested.ts";

const SPECIFIER =
  /(?:\bfrom|\bimport|\brequire\w*\s*\(|\bimport\s*\(|\b(?:mock|resolve)\w*\s*\()\s*["'`]([^"'`\n]+)["'`]/g;
const EXTENSIONS = ["js", "ts", "mjs", "mts", "cjs", "cts", "jsx", "tsx"];

/** JavaScript and TypeScript: tests named `x.test.ts`, `x.spec.js`, `test/x.js`, `__tests__/x.ts`, `test-x.js`, and imports. */
export const scriptRules: Rules = {
  says: "JavaScript/TypeScript",
  hasBehaviour: ({ text }) => hasMoreThanExports(text),
  covered(code) {
    const paths = new Set(code.all.map(({ path }) => path));
    const lastParts = new Set(code.tests.flatMap(({ text }) => specifiersOf(text).map(stemOf)));
    const names = new Set(code.tests.map(({ path }) => subjectOf(path)));
    const { packages } = code;
    const reached = reachOf(code.tests, code.all, (each) => importsOf(each, paths, packages));
    for (const { path } of code.sources) {
      const subject = nameOf(path);
      // An alias of a bundler hides the path but not the last part of it.
      if (names.has(subject) || lastParts.has(subject)) reached.set(path, "own");
    }
    return reached;
  },
};

/** Other than imports, exports from elsewhere and types there must be something. */
function hasMoreThanExports(text: string): boolean {
  const plain = text
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, "")
    .replace(/\/\/[^\n]*/g, "")
    .replace(/^#![^\n]*/, "")
    .replace(/\b(?:import|export)\b[^;"'`]{0,5000}?\bfrom\s*["'][^"']+["'];?/g, "")
    .replace(/\bimport\s*["'][^"']+["'];?/g, "")
    .replace(/["']use strict["'];?/g, "");
  return /=>|\bfunction\b|\bclass\b|\)\s*\{/.test(plain);
}

/** What the test is about, by its name; of `index` by its folder's. */
function subjectOf(path: string): string {
  const stem = stemOf(path)
    .replace(/^tests?[-_.](?=.)/i, "")
    .replace(/[-_](?:tests?|specs?)$/i, "");
  return stem === "index" || stem === "main" ? stemOf(folderOf(path)) : stem;
}

function nameOf(path: string): string {
  const stem = stemOf(path);
  return stem === "index" || stem === "main" ? stemOf(folderOf(path)) || stem : stem;
}

function specifiersOf(text: string): readonly string[] {
  return [...text.matchAll(SPECIFIER)].map((match) => match[1] ?? "");
}

function importsOf(
  { path, text }: Code,
  paths: ReadonlySet<string>,
  packages: ReadonlyMap<string, string>,
): readonly string[] {
  return specifiersOf(text).flatMap((specifier) => {
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
      return fileAt(posix.normalize(posix.join(folderOf(path), specifier)), paths) ?? [];
    }
    const own = inOwnPackage(specifier, packages, paths);
    if (own !== undefined) return [own];
    const alias = /^(?:[@~]\/|#|src\/)(.*)$/.exec(specifier)?.[1];
    if (alias === undefined) return [];
    return [fileAt(`src/${alias}`, paths) ?? fileAt(alias, paths) ?? []].flat();
  });
}

/** As Node and bundlers look for it: as written, with an extension, another extension (`.js` for `.ts`), as a folder. */
function fileAt(place: string, paths: ReadonlySet<string>): string | undefined {
  const path = place.replace(/\/$/, "");
  if (path !== "." && paths.has(path)) return path;
  const stem = path.replace(/\.[cm]?[jt]sx?$/, "");
  const candidates = [path, stem, path === "." ? "index" : `${path}/index`].flatMap((each) =>
    EXTENSIONS.map((extension) => `${each}.${extension}`),
  );
  return candidates.find((each) => paths.has(each));
}

/** `name` or `name/entry` of a package of the repository, by where such a source commonly is. */
function inOwnPackage(
  specifier: string,
  packages: ReadonlyMap<string, string>,
  paths: ReadonlySet<string>,
): string | undefined {
  const [, name = "", entry = ""] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  const folder = packages.get(name);
  if (folder === undefined) return undefined;
  const places = entry === "" ? ["src", "lib", "."] : [`src/${entry}`, entry, `lib/${entry}`];
  for (const place of places) {
    const found = fileAt(posix.normalize(posix.join(folder, place)), paths);
    if (found !== undefined) return found;
  }
  return undefined;
}
