/**
 * `node --conditions=@orchard/source scripts/floors.ts` checks who imports whom against the table in house/rules.ts
 * (1 and one line for each violation when something is wrong); `--draw` prints the picture of the house from the
 * code's imports; `--write` puts that picture into ARCHITECTURE.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkHouse } from "./house/check-house.ts";
import { drawHouse } from "./house/draw-house.ts";
import { readHouse } from "./house/read-house.ts";
import { RULES } from "./house/rules.ts";
import { sentence } from "./house/violation.ts";
import { withPart } from "./page-part.ts";

const root = join(import.meta.dirname, "..");
const house = readHouse(root);
const page = join(root, "ARCHITECTURE.md");

if (process.argv.includes("--draw")) {
  console.log(drawHouse(house, RULES));
} else if (process.argv.includes("--write")) {
  const picture = `\`\`\`\n${drawHouse(house, RULES)}\n\`\`\``;
  writeFileSync(page, withPart(readFileSync(page, "utf8"), "floors", picture));
} else {
  const violations = checkHouse(house, RULES);
  for (const violation of violations) console.error(sentence(violation));
  console.log(`${house.size} rooms, ${violations.length} violations.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
