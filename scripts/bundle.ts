import { readdir, readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { build, type Plugin } from "rolldown";

/**
 * Bundles the programs of a package with everything they need: `src/<name>.ts` becomes `dist/<name>.js`, and what a
 * command alone needs becomes a file that is read when that command is called. Its programs are the sources that
 * package.json lists under `sideEffects`. Run in the package's folder; another folder than `dist` may be named.
 * `--quick`: each program is one script, `dist/<name>.cjs`, with only what it needs at its start; whatever it imports
 * later (`import()`) shares nothing with it, and our own part of that is one file. A script starts sooner than a module,
 * and forty files take longer to load than one of the same length.
 */
const KERNEL = { name: "kernel", test: /packages\/kernel\// };
const OWN = { name: "own", test: /packages\//, minSize: 50_000 };
const words = process.argv.slice(2);
const isQuick = words.includes("--quick");
const folder = words.find((word) => !word.startsWith("--")) ?? "dist";
const { sideEffects } = JSON.parse(await readFile("package.json", "utf8")) as { sideEffects: readonly string[] };
const programs = Object.fromEntries(sideEffects.map((path) => [basename(path, ".ts"), path]));

for (const name of await filesIn(folder)) if (/\.c?js$/.test(name)) await rm(`${folder}/${name}`);
if (isQuick) {
  const later = new Map<string, string>();
  const needed = new Set<string>();
  for (const [name, path] of Object.entries(programs)) {
    const { output } = await bundle({ [name]: path }, [apart(later)], "cjs");
    for (const file of output) if (file.type === "chunk") for (const one of file.dynamicImports) needed.add(one);
  }
  for (const [name, path] of later) if (needed.has(`./${name}.js`)) await bundle({ [name]: path }, []);
} else {
  await bundle(programs, []);
}

async function bundle(input: Record<string, string>, plugins: Plugin[], format: "esm" | "cjs" = "esm") {
  return build({
    input,
    plugins,
    platform: "node",
    // A library that ships both forms is taken as an ES module; its UMD form hides what it requires.
    resolve: { conditionNames: ["@orchard/source", "import", "node", "default"], mainFields: ["module", "main"] },
    transform: { target: "node22.12" },
    output: {
      dir: folder,
      format,
      entryFileNames: format === "cjs" ? "[name].cjs" : "[name].js",
      // Beside the programs: where a file lies tells it where the programs are.
      chunkFileNames: "[name]-[hash].js",
      minify: { compress: true, mangle: false, codegen: format === "cjs" },
      ...(format === "cjs" ? {} : { codeSplitting: { groups: [isQuick ? OWN : KERNEL] } }),
    },
    // What is in one file is not split by an `import()` in it.
    checks: { ineffectiveDynamicImport: !isQuick },
    logLevel: "warn",
  });
}

/** Leaves what is imported later out, and gathers it by the name of its file. */
function apart(later: Map<string, string>): Plugin {
  return {
    name: "apart",
    async resolveId(source, importer, { kind }) {
      if (kind !== "dynamic-import") return null;
      const found = await this.resolve(source, importer);
      if (found === null) return null;
      const name = basename(found.id, ".ts");
      later.set(name, found.id);
      return { id: `./${name}.js`, external: true };
    },
  };
}

async function filesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => []);
}
