/** What the person of the demo asks for, as `orch add-lane` takes it, and what the scripted agent will write. */
export interface DemoLane {
  readonly id: string;
  readonly tasks: readonly string[];
  readonly priority?: "high" | "medium" | "low";
  readonly dependsOn?: readonly string[];
  /** File and new content, one step of work each. */
  readonly writes: Readonly<Record<string, string>>;
  /** How long the agent thinks before each step, in ms. */
  readonly pace: number;
  readonly failsFirst?: boolean;
}

export const DEMO_LANES: readonly DemoLane[] = [
  {
    id: "parser",
    tasks: ["Read a whole text into notes, one a line"],
    priority: "high",
    pace: 500,
    writes: {
      "src/parse.js": `import { note } from "./note.js";

/** The notes of a text, one a line; empty lines are none. */
export function parse(text) {
  return text.split("\\n").filter((line) => line.trim() !== "").map(note);
}
`,
      "test/parse.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../src/parse.js";

test("every line that says something is a note", () => {
  assert.equal(parse("one #a\\n\\ntwo").length, 2);
});
`,
    },
  },
  {
    id: "format",
    tasks: ["Write a note as one line, tags separated by a semicolon"],
    pace: 650,
    writes: {
      "src/settings.js": `export const settings = {
  separator: "; ",
  greeting: "notes",
};
`,
      "src/format.js": `import { settings } from "./settings.js";

/** One note as one line for people. */
export function format({ text, tags }) {
  return tags.length === 0 ? text : \`\${text} [\${tags.join(settings.separator)}]\`;
}
`,
      "test/format.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { format } from "../src/format.js";
import { note } from "../src/note.js";

test("tags follow the text", () => {
  assert.match(format(note("tea #a #b")), /\\[a.*b\\]$/);
});
`,
    },
  },
  {
    id: "theme",
    tasks: ["Separate tags with a bar, as the new theme wants"],
    priority: "low",
    pace: 700,
    writes: {
      "src/settings.js": `export const settings = {
  separator: " | ",
  greeting: "pocket notes",
};
`,
      "test/settings.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { settings } from "../src/settings.js";

test("the product greets with its whole name", () => {
  assert.equal(settings.greeting, "pocket notes");
});
`,
    },
  },
  {
    id: "stats",
    tasks: ["Count how often each tag is used"],
    pace: 600,
    failsFirst: true,
    writes: {
      "src/stats.js": `/** How often each tag is used, most used first. */
export function stats(notes) {
  const counts = new Map();
  for (const tag of notes.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
`,
      "test/stats.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { note } from "../src/note.js";
import { stats } from "../src/stats.js";

test("the most used tag comes first", () => {
  assert.deepEqual(stats([note("#a"), note("#b #a")])[0], ["a", 2]);
});
`,
    },
  },
  {
    id: "cli",
    tasks: ["A command that prints the notes of a file"],
    dependsOn: ["parser", "format"],
    priority: "high",
    pace: 500,
    writes: {
      "src/cli.js": `import { readFileSync } from "node:fs";
import { format } from "./format.js";
import { parse } from "./parse.js";

/** The notes of a file, one line each. */
export function show(path) {
  return parse(readFileSync(path, "utf8")).map(format).join("\\n");
}
`,
      "test/cli.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { show } from "../src/cli.js";

test("a file is shown note by note", () => {
  assert.match(show(new URL("notes.txt", import.meta.url)), /milk/);
});
`,
      "test/notes.txt": "milk #shop\nwrite to Ada #post\n",
    },
  },
  {
    id: "guide",
    tasks: ["Tell in the README how the command is used"],
    dependsOn: ["cli"],
    priority: "low",
    pace: 400,
    writes: {
      "README.md": `# pocket-notes

Notes in plain text: one note a line, tags with a hash.

    import { show } from "pocket-notes/src/cli.js";
    console.log(show("notes.txt"));
`,
    },
  },
];
