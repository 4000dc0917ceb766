import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles the programs of an app, one file each with everything inside, so that starting one reads one file.
 * Run in the app's folder; every `src/<name>.ts` named here becomes `dist/<name>.js`.
 */
const ENTRIES = ["orch", "supervisor"];

await mkdir("dist", { recursive: true });
await build({
  entryPoints: ENTRIES.map((name) => join("src", `${name}.ts`)),
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node22.12",
  conditions: ["@orchard/source"],
  // A library that ships both forms is taken as an ES module; its UMD form hides what it requires.
  mainFields: ["module", "main"],
  minifySyntax: true,
  legalComments: "none",
  // Libraries in CommonJS call require for Node's own modules, which an ES module does not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
