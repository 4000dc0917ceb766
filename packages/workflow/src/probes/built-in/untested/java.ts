import { stemOf } from "./reach.ts";
import type { Rules } from "./untested.ts";

/** Java and Kotlin: `XTest`, `XTests`, `XIT`, `TestX`, and classes that a test names. */
export const javaRules: Rules = {
  says: "Java/Kotlin",
  hasBehaviour: ({ path, text }) => {
    const name = stemOf(path).replace(/\W/g, "");
    return (
      new RegExp(`\\b(?:class|object|record)\\s+${name}\\b|^(?:\\w+[^\\S\\n]+){0,20}fun\\s`, "m").test(text) &&
      /[)\w]\s*\{/.test(text)
    );
  },
  covered({ sources, tests, all }) {
    const own = wordsOf(tests);
    const names = new Map(all.map(({ path, text }) => [stemOf(path), text]));
    const through = new Set<string>();
    const queue = [...own].filter((word) => names.has(word));
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      for (const word of wordsOf([{ text: names.get(name) ?? "" }])) {
        if (!names.has(word) || through.has(word)) continue;
        through.add(word);
        queue.push(word);
      }
    }
    const covered = new Map<string, "own" | "through">();
    for (const { path } of sources) {
      const name = stemOf(path);
      const ofTests = [`${name}Test`, `${name}Tests`, `${name}IT`, `${name}TestCase`, `${name}Spec`, `Test${name}`];
      if (own.has(name) || ofTests.some((test) => names.has(test))) covered.set(path, "own");
      else if (through.has(name)) covered.set(path, "through");
    }
    return covered;
  },
};

function wordsOf(code: readonly { readonly text: string }[]): ReadonlySet<string> {
  return new Set(code.flatMap(({ text }) => text.match(/\b[A-Z]\w*\b/g) ?? []));
}
