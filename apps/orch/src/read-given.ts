import { readFile } from "node:fs/promises";
import { text as readStream } from "node:stream/consumers";
import { isSystemError } from "@orchard/kernel";
import { invalidInput } from "@orchard/workflow";

/** What a person named: a file, or `-` for standard input. Throws `INVALID_INPUT` when it cannot be read. */
export async function readGiven(path: string): Promise<{ readonly text: string; readonly source: string }> {
  if (path === "-") return { text: await readStream(process.stdin), source: "standard input" };
  try {
    return { text: await readFile(path, "utf8"), source: path };
  } catch (error) {
    if (isSystemError(error, "ENOENT", "EISDIR", "EACCES", "ENOTDIR")) {
      throw invalidInput(path, [{ message: `it cannot be read (${error.code})` }]);
    }
    throw error;
  }
}
