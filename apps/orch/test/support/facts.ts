import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface SeenFact {
  readonly type: string;
  readonly lane?: string;
  readonly [key: string]: unknown;
}

/**
 * The facts in a repository's journal, in order, read as bytes from outside: no store is opened that would help
 * a dead process by writing its views. A line that is being written counts when it is whole.
 */
export function factsIn(repository: string): readonly SeenFact[] {
  const folder = join(repository, ".git", "orch", "journal");
  return segmentsOf(folder)
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .flatMap((line) => {
      try {
        return line === "" ? [] : (JSON.parse(line) as { readonly facts: readonly SeenFact[] }).facts;
      } catch {
        return [];
      }
    });
}

function segmentsOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".ndjson"))
      .sort();
  } catch {
    return [];
  }
}
