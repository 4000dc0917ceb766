import { folderOf, stemOf } from "./reach.ts";
import type { Rules } from "./untested.ts";

const OWN_TESTS =
  /#\[(?:cfg\(\s*(?:all\()?\s*test\b|(?:\w+::)*test\b|rstest\b|quickcheck\b|test_case\b)|\bproptest!\s*\{/;
const DOC_TEST = /^[^\S\n]*\/\/[/!]\s*```(?!\s*(?:text|ignore|no_run|toml|json|sh|bash|console))/m;

/** Rust: tests in the file itself, in a `tests` module beside it, in the crate's `tests/`, and examples in its comments. */
export const rustRules: Rules = {
  says: "Rust",
  hasBehaviour: ({ text }) => /\bfn\s+\w+/.test(text) && !/^[^\S\n]*fn\s+main\b/m.test(withoutOther(text)),
  covered({ sources, tests, all }) {
    const beside = new Set(tests.map(({ path }) => folderOf(path)));
    const words = new Set(
      tests.flatMap(({ path, text }) => [stemOf(path), ...(text.match(/\b[a-z_][a-z0-9_]*\b/g) ?? [])]),
    );
    const crates = new Set(
      tests
        .filter(({ path }) => /(?:^|\/)tests\//.test(path))
        .map(({ path }) => path.slice(0, Math.max(0, path.search(/(?:^|\/)tests\//)))),
    );
    const named = modulesNamedBeside(all);
    const covered = new Map<string, "own" | "through">();
    for (const { path, text } of sources) {
      const stem = stemOf(path) === "mod" ? (folderOf(path).split("/").at(-1) ?? "mod") : stemOf(path);
      const ofModule = `${folderOf(path)}/${stem}`;
      if (OWN_TESTS.test(text) || DOC_TEST.test(text)) covered.set(path, "own");
      else if (words.has(stem) || beside.has(ofModule)) covered.set(path, "own");
      else if (beside.has(folderOf(path)) || hasCrateTests(path, crates) || named.has(stem))
        covered.set(path, "through");
    }
    return covered;
  },
};

/** A program with other functions beside `main` has something to test. */
function withoutOther(text: string): string {
  return (text.match(/^[^\S\n]*(?:pub(?:\([^)]{0,200}\))?\s+)?(?:async\s+)?fn\s+\w+/gm) ?? []).length > 1 ? "" : text;
}

function hasCrateTests(path: string, crates: ReadonlySet<string>): boolean {
  return [...crates].some((crate) => path.startsWith(crate === "" ? "src/" : `${crate}/src/`));
}

/** Modules that a file with tests of its own names. */
function modulesNamedBeside(all: readonly { readonly text: string }[]): ReadonlySet<string> {
  const tested = all.filter(({ text }) => OWN_TESTS.test(text));
  return new Set(tested.flatMap(({ text }) => [...text.matchAll(/\b(\w+)::/g)].map(([, name = ""]) => name)));
}
