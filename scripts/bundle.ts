import { rm } from "node:fs/promises";
import { build } from "rolldown";

/**
 * Bundles the programs of an app with everything they need: `src/<name>.ts` becomes `dist/<name>.js`, and what a
 * command alone needs becomes a file that is read when that command is called. Run in the app's folder.
 */
const ENTRIES = { orch: "src/orch.ts", supervisor: "src/supervisor.ts" };

await rm("dist/chunks", { recursive: true, force: true });
await build({
  input: ENTRIES,
  platform: "node",
  // A library that ships both forms is taken as an ES module; its UMD form hides what it requires.
  resolve: { conditionNames: ["@orchard/source", "import", "node", "default"], mainFields: ["module", "main"] },
  transform: { target: "node22.12" },
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    minify: { compress: true, mangle: false, codegen: false },
    codeSplitting: { groups: [{ name: "kernel", test: /packages\/kernel\// }] },
  },
  logLevel: "warn",
});
