/**
 * `node --conditions=@orchard/source scripts/errors-page.ts` writes the generated part of docs/errors.md from the
 * sources; `--print` prints it instead.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectErrors } from "./errors/collect-errors.ts";
import { errorsPage } from "./errors/errors-page.ts";
import { withPart } from "./page-part.ts";

const root = join(import.meta.dirname, "..");
const page = join(root, "docs/errors.md");
const part = errorsPage(collectErrors(root));
if (process.argv.includes("--print")) console.log(part);
else writeFileSync(page, withPart(readFileSync(page, "utf8"), "errors", part));
