import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { readSource, type SourceFile } from "./source-file.ts";

/** One package or app as it lies on the disk. */
export interface Room {
  readonly name: string;
  /** From the root, `packages/kernel`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Names of the rooms that tsconfig.json refers to. */
  readonly references: readonly string[];
  readonly files: readonly SourceFile[];
  /** From the room's `test/`. */
  readonly tests: readonly SourceFile[];
  /** Sources that are not TypeScript, with what the parser said. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
}

export interface Manifest {
  readonly name?: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** All packages and apps below `root` that have a package.json, by name. */
export function readHouse(root: string): ReadonlyMap<string, Room> {
  const folders = ["packages", "apps"].flatMap((group) =>
    existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => join(group, name)) : [],
  );
  const rooms = folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((one) => readRoom(root, one));
  return new Map(rooms.map((room) => [room.name, room]));
}

function readRoom(root: string, folder: string): Room {
  const sources = readSources(join(root, folder, "src"));
  return {
    name: basename(folder),
    folder: relative(root, join(root, folder)),
    manifest: readJson(join(root, folder, "package.json")) as Manifest,
    references: readReferences(join(root, folder, "tsconfig.json")),
    files: sources.files,
    tests: readSources(join(root, folder, "test")).files,
    unreadable: sources.unreadable,
  };
}

function readSources(folder: string): Pick<Room, "files" | "unreadable"> {
  const files: SourceFile[] = [];
  const unreadable: { path: string; why: string }[] = [];
  for (const path of globSync("**/*.ts", { cwd: folder }).sort()) {
    try {
      files.push(readSource(path, readFileSync(join(folder, path), "utf8")));
    } catch (error) {
      unreadable.push({ path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { files, unreadable };
}

function readReferences(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const { references = [] } = readJson(path) as { references?: readonly { readonly path: string }[] };
  return references.map((reference) => basename(reference.path));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
