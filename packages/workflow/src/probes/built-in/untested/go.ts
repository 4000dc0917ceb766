import { folderOf } from "./reach.ts";
import type { Code, CodeBase, Rules } from "./untested.ts";

/** Go: the tests of a folder are those of all its files; other folders' tests count where they import it. */
export const goRules: Rules = {
  says: "Go",
  hasBehaviour: ({ text }) => /^func\s/m.test(text),
  covered(code) {
    const tested = new Set(code.tests.map(({ path }) => folderOf(path)));
    const through = importedFolders(code, tested);
    const covered = new Map<string, "own" | "through">();
    for (const { path } of code.sources) {
      const folder = folderOf(path);
      if (tested.has(folder)) covered.set(path, "own");
      else if (through.has(folder)) covered.set(path, "through");
    }
    return covered;
  },
};

/** Folders whose package the tests, or code of tested folders, import, and what those import in turn. */
function importedFolders({ all }: CodeBase, tested: ReadonlySet<string>): ReadonlySet<string> {
  const byFolder = new Map<string, Code[]>();
  for (const code of all) {
    const folder = folderOf(code.path);
    const known = byFolder.get(folder);
    if (known === undefined) byFolder.set(folder, [code]);
    else known.push(code);
  }
  const folders = new Set(byFolder.keys());
  const seen = new Set<string>(tested);
  const queue = [...tested];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const { text } of byFolder.get(folder) ?? []) {
      for (const path of importPaths(text)) {
        const found = folderOfImport(path, folders);
        if (found === undefined || seen.has(found)) continue;
        seen.add(found);
        queue.push(found);
      }
    }
  }
  return seen;
}

/** The module's name stands before the folder; the longest end that is a folder is meant. */
function folderOfImport(path: string, folders: ReadonlySet<string>): string | undefined {
  const parts = path.split("/");
  for (let from = 0; from < parts.length; from++) {
    const folder = parts.slice(from).join("/");
    if (folders.has(folder)) return folder;
  }
  return folders.has("") ? "" : undefined;
}

function importPaths(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^import\s*\(([\s\S]*?)(?:^\)|(?![\s\S]))/gm)].map(([, block = ""]) => block);
  const single = [...text.matchAll(/^import\s+(?:[\w.]+\s+)?("[^"]+")/gm)].map(([, one = ""]) => one);
  return [...blocks, ...single].flatMap((block) => [...block.matchAll(/"([^"]+)"/g)].map(([, path = ""]) => path));
}
