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
  const fileOf = new Map<string, string>();
  const parts = apart((entry) => fileOf.get(entry));
  const bundled = async (part: string, entry: string) => {
    const chunks = await bundleParts({ [part]: entry }, folder, [parts]);
    return chunks.find(({ isEntry }) => isEntry)?.fileName ?? "";
  };
  for (const entry of await importedLater(path)) fileOf.set(entry, await bundled(basename(entry, ".ts"), entry));
  const first = await bundled(`${name}-start`, path);
  const FIRST_PART = JSON.stringify(first);
  await build({
    ...BUNDLED,
    input: { [name]: join(import.meta.dirname, "quick-program.ts") },
    transform: { ...BUNDLED.transform, define: { FIRST_PART } },
    output: { dir: folder, format: "cjs", entryFileNames: "[name].cjs", minify: true },
  });
  return first;
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
      minify: { compress: true, mangle: false, codegen: true },
      dynamicImportInCjs: false,
      codeSplitting: { groups: [OWN] },
      // As `quick-program.ts` calls it.
      postBanner: "(function(exports,require,module,__filename,__dirname){",
      postFooter: "})",
    },
  });
  return output.filter((file) => file.type === "chunk");
}

/** What a program imports with `import()`; what another one of these imports so stands before it. */
async function importedLater(path: string): Promise<readonly string[]> {
  const direct = await importedBy(path);
  const needs = new Map<string, readonly string[]>();
  for (const entry of direct)
    needs.set(
      entry,
      (await importedBy(entry)).filter((other) => direct.includes(other)),
    );
  return [...direct].sort((a, b) => Number(needs.get(a)?.includes(b)) - Number(needs.get(b)?.includes(a)));
}

async function importedBy(path: string): Promise<readonly string[]> {
  const names: string[] = [];
  const name = (entry: string) => `${names.push(entry) - 1}.js`;
  const { output } = await build({ ...BUNDLED, input: path, plugins: [apart(name)], write: false });
  const needed = new Set(output.flatMap((file) => (file.type === "chunk" ? file.dynamicImports : [])));
  return [...new Set(names.filter((_, at) => needed.has(`./${at}.js`)))];
}

/** Leaves out what is imported later, where it has a file of its own beside this one. */
function apart(nameOf: (entry: string) => string | undefined): Plugin {
  return {
    name: "apart",
    async resolveId(source, importer, { kind }) {
      const found = kind === "dynamic-import" ? await this.resolve(source, importer) : null;
      const name = found === null ? undefined : nameOf(found.id);
      return name === undefined ? null : { id: `./${name}`, external: true };
    },
  };
}
