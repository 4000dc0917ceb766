import { writeSync } from "node:fs";
import { isSystemError } from "@orchard/kernel";

/**
 * Writes all of `text` to stdout (1) or stderr (2) without loading a stream for it. A reader that left is no error; an
 * output that refuses ends with exit code 1. Says whether nothing of it is on its way still.
 */
export function writeNow(descriptor: 1 | 2, text: string): boolean {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (isSystemError(error, "EPIPE")) return true;
      if (!isSystemError(error, "EAGAIN")) {
        process.exitCode = 1;
        if (descriptor === 1) writeNow(2, `error: the answer could not be written: ${String(error)}\n`);
        return true;
      }
      // A pipe that does not block and is full: the stream waits for its reader.
      (descriptor === 1 ? process.stdout : process.stderr).write(bytes.subarray(at));
      return false;
    }
  }
  return true;
}
