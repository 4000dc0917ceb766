import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { processesMarked } from "@orchard/host";
import { MARK } from "./registration.ts";
import { waitForEnd } from "./wait-for-end.ts";

/** Marks a git that writes the files of the work tree at `root`, so that it is found after its starter died. */
export function writerMark(root: string): Readonly<Record<string, string>> {
  return { [MARK]: createHash("sha256").update(root).digest("hex").slice(0, 16) };
}

/**
 * Waits for the end of git calls that write files of the work tree at `path` still, though their starter died: what reads
 * the files, or changes them, begins after that. Throws `GIT_STILL_RUNS`.
 */
export async function awaitWriters(path: string): Promise<void> {
  const { [MARK]: value = "" } = writerMark(await realpath(path).catch(() => path));
  await waitForEnd(() => processesMarked(MARK, value));
}
