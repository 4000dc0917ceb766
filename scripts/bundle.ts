import { readdir, readFile, rm } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { build } from "rolldown";
import { bundleQuick } from "./quick/bundle-quick.ts";
import { BUNDLED } from "./quick/bundled.ts";

/**
 * Bundles the programs of a package with everything they need: `src/<name>.ts` becomes `dist/<name>.js`, and what a
 * command alone needs becomes a file that is read when that command is called. Its programs are the sources that
 * package.json lists under `sideEffects`. Run in the package's folder; another folder than `dist` may be named.
 * `--quick`: the programs of agents, as `quick/bundle-quick.ts` makes them (`dist/<name>.cjs`), with what V8 made of them.
 */
const KERNEL = { name: "kernel", test: /packages\/kernel\// };
const words = process.argv.slice(2);
const folder = words.find((word) => !word.startsWith("--")) ?? "dist";
const { sideEffects } = JSON.parse(await readFile("package.json", "utf8")) as { sideEffects: readonly string[] };

for (const name of await readdir(folder).catch(() => [])) {
  if (/\.(c?js|compiled)$/.test(name)) await rm(`${folder}/${name}`);
}
if (words.includes("--quick")) {
  const { warmUp } = await import("./quick/warm-up.ts");
  for (const path of sideEffects) await warmUp(resolve(folder), await bundleQuick(path, folder));
} else {
  await build({
    ...BUNDLED,
    input: Object.fromEntries(sideEffects.map((path) => [basename(path, ".ts"), path])),
    output: {
      dir: folder,
      format: "esm",
      entryFileNames: "[name].js",
      // Beside the programs: where a file lies tells it where the programs are.
      chunkFileNames: "[name]-[hash].js",
      minify: { compress: true, mangle: false, codegen: false },
      codeSplitting: { groups: [KERNEL] },
    },
  });
}
