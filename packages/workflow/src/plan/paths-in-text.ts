import { whyNotAPath } from "../probes/safe-path.ts";

/** Endings by which a bare name in a sentence is a file and no abbreviation. */
const ENDINGS =
  "c|cc|cpp|cs|css|go|h|hpp|html|java|js|json|jsonc|jsx|kt|lua|md|mjs|cjs|mts|cts|php|proto|py|rb|rs|scss|sh|sql|svelte|swift|toml|ts|tsx|txt|vue|xml|yaml|yml";
const PATH = new RegExp(
  `(?<=^|[\\s\`"'(\\[])(?:(?:[\\w@.-]+/)+[\\w@.-]*[\\w@-]|[\\w@.-]*[\\w@-]\\.(?:${ENDINGS}))(?=/?(?:$|[\\s\`"'),;:\\]]|\\.(?:\\s|$)))`,
  "g",
);

/** Paths that a task's title names, as the people who write task files do: `Create the model in src/user.ts`. */
export function pathsInText(text: string): readonly string[] {
  const found = [...text.slice(0, 2_000).matchAll(PATH)].filter(isMeantAsPath).map(([path]) => path);
  return [...new Set(found)].filter((path) => whyNotAPath(path) === undefined).sort();
}

/** It ends as a file does, is followed by a slash, or stands in backticks; `client/server` alone is no path. */
function isMeantAsPath({ 0: path, index, input }: RegExpExecArray): boolean {
  return /\.[A-Za-z]\w{0,9}$/.test(path) || input[index + path.length] === "/" || input[index - 1] === "`";
}
