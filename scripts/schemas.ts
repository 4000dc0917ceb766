/** `node --conditions=@orchard/source scripts/schemas.ts` writes the published JSON schemas from what the code checks with. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedSchemas } from "./schemas/published-schemas.ts";

const root = join(import.meta.dirname, "..");
for (const [path, text] of publishedSchemas()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
