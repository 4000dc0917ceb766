import { basename, join } from "node:path";
import { build, type OutputChunk, type Plugin } from "rolldown";
import { BUNDLED } from "./bundled.ts";

/**
 * Bundles a program that starts as quickly as Node lets it: `<folder>/<name>.cjs` loads the part that is needed at its
 * start, and what that imports later (`import()`) is loaded when it is called for and shares nothing with it. A part is
 * named by its content, so what is compiled of it is never taken for another. Returns the name of the first part.
 */
export async function bundleQuick(path: string, folder: string): Promise<string> {
  const name = basename(path, ".ts");
  const later = await importedLater(path);
  const fileOf = new Map<string, string>();
  for (const entry of later) {
    const chunks = await bundleParts({ [basename(entry, ".ts")]: entry }, folder, []);
    fileOf.set(entry, chunks.find(({ isEntry }) => isEntry)?.fileName ?? "");
  }
  const [first] = await bundleParts({ [`${name}-start`]: path }, folder, [apart((entry) => fileOf.get(entry) ?? "")]);
  const FIRST_PART = JSON.stringify(first?.fileName);
  await build({
    ...BUNDLED,
    input: { [name]: join(import.meta.dirname, "quick-program.ts") },
    transform: { ...BUNDLED.transform, define: { FIRST_PART } },
    output: { dir: folder, format: "cjs", entryFileNames: "[name].cjs", minify: true },
  });
  return first?.fileName ?? "";
}

/** Our own part of a program, in one file: forty files take longer to load than one of the same length. */
const OWN = { name: "own", test: /packages\//, minSize: 50_000 };

async function bundleParts(
  input: Record<string, string>,
  folder: string,
  plugins: readonly Plugin[],
): Promise<readonly OutputChunk[]> {
  const { output } = await build({
    ...BUNDLED,
    input,
    plugins: [...plugins],
    output: {
      dir: folder,
      format: "cjs",
      entryFileNames: "[name]-[hash].js",
      chunkFileNames: "[name]-[hash].js",
      minify: { compress: true, mangle: false, codegen: plugins.length > 0 },
      dynamicImportInCjs: false,
      codeSplitting: { groups: [OWN] },
      // As `quick-program.ts` calls it.
      postBanner: "(function(exports,require,module,__filename,__dirname){",
      postFooter: "})",
    },
  });
  return output.filter((file) => file.type === "chunk");
}

/** The files that a program imports with `import()`. */
async function importedLater(path: string): Promise<ReadonlySet<string>> {
  const later = new Set<string>();
  const name = (entry: string) => {
    later.add(entry);
    return `${later.size}.js`;
  };
  const { output } = await build({ ...BUNDLED, input: path, plugins: [apart(name)], write: false });
  const needed = new Set(output.flatMap((file) => (file.type === "chunk" ? file.dynamicImports : [])));
  return new Set([...later].filter((_, at) => needed.has(`./${at + 1}.js`)));
}

/** Leaves what is imported later out, as the file of that name beside it. */
function apart(nameOf: (entry: string) => string): Plugin {
  return {
    name: "apart",
    async resolveId(source, importer, { kind }) {
      if (kind !== "dynamic-import") return null;
      const found = await this.resolve(source, importer);
      return found === null ? null : { id: `./${nameOf(found.id)}`, external: true };
    },
  };
}
