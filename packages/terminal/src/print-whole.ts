import { isSystemError } from "@orchard/kernel";
import { outputRefused } from "./errors.ts";

/**
 * Writes all of `text`, also into a pipe; somebody who stopped reading is no error. Throws `OUTPUT_REFUSED`
 * for whatever else keeps it from being written: a full disk, say.
 */
export async function printWhole(stream: NodeJS.WriteStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (error: Error | null | undefined): void =>
      error == null || isSystemError(error, "EPIPE") ? resolve() : reject(outputRefused(error));
    stream.once("error", end);
    stream.write(text, end);
  });
}
