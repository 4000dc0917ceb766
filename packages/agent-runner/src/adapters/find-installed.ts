import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { adapters } from "./adapters.ts";

/** An agent whose program is in `PATH` and may be run by this user. */
export interface InstalledAgent {
  /** The adapter's name. */
  readonly name: string;
  /** Absolute path of the program. */
  readonly path: string;
}

/** The agents whose programs are in `path` (the value of `PATH`), in the order of the adapters. Starts none of them. */
export function findInstalled(path: string | undefined): readonly InstalledAgent[] {
  return [...adapters.keys()]
    .filter((name) => name !== "command")
    .flatMap((name) => {
      const program = findProgram(name, path);
      return program === undefined ? [] : [{ name, path: program }];
    });
}

/** The absolute path of a program as execvp would find it, or `undefined`. */
export function findProgram(name: string, path: string | undefined, cwd = process.cwd()): string | undefined {
  if (name.includes("/")) return isProgram(resolve(cwd, name)) ? resolve(cwd, name) : undefined;
  const folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  return folders.map((folder) => join(resolve(cwd, folder), name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
