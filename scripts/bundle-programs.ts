/**
 * `node --conditions=@orchard/source scripts/bundle-programs.ts <folder> <name>=<source> …` bundles programs that tests
 * start by the hundred into `<folder>/<name>.js`: from a bundle each starts in a tenth of the time.
 */
import { build } from "rolldown";

const [folder = "", ...programs] = process.argv.slice(2);
await build({
  input: Object.fromEntries(programs.map((program) => program.split("=", 2) as [string, string])),
  platform: "node",
  resolve: { conditionNames: ["@orchard/source", "import", "node", "default"], mainFields: ["module", "main"] },
  output: { dir: folder, format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
  checks: { ineffectiveDynamicImport: false },
  logLevel: "warn",
});
