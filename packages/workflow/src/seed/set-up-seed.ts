import { chmod, lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import type { Place } from "../orchard/place.ts";
import { notOurScript } from "./errors.ts";
import { SEED_SCRIPTS, WRITTEN_BY } from "./seed-scripts.ts";

/** What became of each entry point, by its name at the root of the main checkout. */
export interface SeedSetUp {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Writes the seed's entry points into the main checkout, for the user to commit; a second time it changes nothing. Throws
 * `NOT_OUR_SCRIPT`, and writes none, when something else stands under one of their names.
 */
export async function setUpSeed(place: Place): Promise<SeedSetUp> {
  const scripts = Object.entries(SEED_SCRIPTS).map(([name, text]) => ({
    name,
    text,
    path: join(place.mainRoot, name),
  }));
  const found = await Promise.all(scripts.map(async (script) => ({ ...script, before: await readOurs(script.path) })));
  const stale = found.filter(({ before, text }) => before !== text);
  for (const { path, text } of stale) {
    await writeDurable(nodeFiles, path, text, { mode: 0o755 });
    await chmod(path, 0o755);
  }
  return {
    written: stale.map(({ name }) => name),
    unchanged: found.filter((script) => !stale.includes(script)).map(({ name }) => name),
  };
}

async function readOurs(path: string): Promise<string | undefined> {
  try {
    if (!(await lstat(path)).isFile()) throw notOurScript(path);
    const text = await readFile(path, "utf8");
    if (!text.includes(WRITTEN_BY)) throw notOurScript(path);
    return text;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}
