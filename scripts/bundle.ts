import { readdir, rm } from "node:fs/promises";
import { build } from "rolldown";

/**
 * Bundles the programs of an app with everything they need: `src/<name>.ts` becomes `dist/<name>.js`, and what a
 * command alone needs becomes a file that is read when that command is called. Run in the app's folder; another
 * folder than `dist` may be named.
 */
const ENTRIES = { orch: "src/orch.ts", supervisor: "src/supervisor.ts" };

const [folder = "dist"] = process.argv.slice(2);

for (const name of await filesIn(folder)) if (name.endsWith(".js")) await rm(`${folder}/${name}`);
await build({
  input: ENTRIES,
  platform: "node",
  // A library that ships both forms is taken as an ES module; its UMD form hides what it requires.
  resolve: { conditionNames: ["@orchard/source", "import", "node", "default"], mainFields: ["module", "main"] },
  transform: { target: "node22.12" },
  output: {
    dir: folder,
    format: "esm",
    entryFileNames: "[name].js",
    // Beside the programs: where a file lies tells it where the programs are.
    chunkFileNames: "[name]-[hash].js",
    minify: { compress: true, mangle: false, codegen: false },
    codeSplitting: { groups: [{ name: "kernel", test: /packages\/kernel\// }] },
  },
  logLevel: "warn",
});

async function filesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => []);
}
