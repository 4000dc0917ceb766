/** `node --conditions=@orchard/source scripts/cli-reference.ts` writes docs/cli/ from the commands themselves. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { referencePages } from "./cli/reference-pages.ts";

const root = join(import.meta.dirname, "..");
for (const [path, text] of await referencePages()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
