/** The project that the demo's agents work on: small, real, with tests that Node runs by itself. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  "package.json": `{
  "name": "pocket-notes",
  "version": "1.0.0",
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  "README.md": "# pocket-notes\n\nNotes in plain text: one note a line, tags with a hash.\n",
  "src/settings.js": `export const settings = {
  separator: ", ",
  greeting: "notes",
};
`,
  "src/note.js": `/** A note: its text and its tags. */
export function note(text) {
  return { text, tags: [...text.matchAll(/#(\\w+)/g)].map((match) => match[1]) };
}
`,
  "test/note.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { note } from "../src/note.js";

test("a note knows its tags", () => {
  assert.deepEqual(note("buy apples #shop #fruit").tags, ["shop", "fruit"]);
});
`,
  "orch.config.jsonc": `{
  // Runs on every lane's committed tree, and again on the combined tree before it lands.
  "verify": [["node", "--test"]],
  "maxParallel": 4
}
`,
};
