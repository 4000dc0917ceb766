import { rmSync, writeFileSync } from "node:fs";
import { isSystemError } from "@orchard/kernel";

/** Makes a file (0600) that is not there yet; where it cannot be written, on a full disk say, nothing of it is left. */
export function writeNew(path: string, content: string): void {
  try {
    writeFileSync(path, content, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) rmSync(path, { force: true });
    throw error;
  }
}
