import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPlace, type Place } from "../orchard/place.ts";

/** What a shell may ask for while somebody types. */
const SOURCES: Readonly<Record<string, (place: Place) => readonly string[]>> = { lanes, tasks, specs, rescues };

/**
 * The ids of that kind in the repository that `cwd` belongs to, read from the views alone: quick, and never an error, for it
 * runs while somebody presses TAB. Only what can be an id is returned, whatever the files hold.
 */
export function knownWords(kind: string, cwd: string): readonly string[] {
  const source = Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
  if (source === undefined) return [];
  try {
    const words = source(findPlace(cwd)).filter((word) => /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(word));
    return [...new Set(words)].slice(0, MOST);
  } catch {
    return [];
  }
}

const MOST = 2_000;

function lanes({ trackerFile }: Place): readonly string[] {
  return keysIn(trackerFile, "lanes");
}

function tasks(place: Place): readonly string[] {
  const views = specs(place).flatMap((spec) => [
    join(place.mainRoot, "specs", spec, "agent-tasks", ".progress.json"),
    join(place.mainRoot, "specs", spec, ".progress.json"),
  ]);
  return views.flatMap((view) => keysIn(view, "tasks"));
}

function specs({ mainRoot }: Place): readonly string[] {
  const found = readdirSync(join(mainRoot, "specs"), { withFileTypes: true });
  return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function rescues({ repository: { commonDir } }: Place): readonly string[] {
  const folder = join(commonDir, "refs", "orch", "rescue");
  const loose = namesIn(folder).flatMap((name) => namesIn(join(folder, name)).map((number) => `${name}/${number}`));
  const packed = textOf(join(commonDir, "packed-refs")).matchAll(/ refs\/orch\/rescue\/([^/\s]+\/\d+)$/gm);
  return [...loose, ...Array.from(packed, ([, name = ""]) => name)];
}

function keysIn(path: string, field: string): readonly string[] {
  try {
    const view = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
    return Object.keys((view[field] ?? {}) as object);
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
