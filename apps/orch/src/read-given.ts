import { createReadStream } from "node:fs";
import { isSystemError } from "@orchard/kernel";
import { invalidInput, LONGEST_INPUT } from "@orchard/workflow";

/** What a person named: a file, or `-` for standard input. Throws `INVALID_INPUT` when it cannot be read. */
export async function readGiven(path: string): Promise<{ readonly text: string; readonly source: string }> {
  if (path === "-") return { text: await readText(process.stdin), source: "standard input" };
  try {
    return { text: await readText(createReadStream(path)), source: path };
  } catch (error) {
    if (isSystemError(error, "ENOENT", "EISDIR", "EACCES", "ENOTDIR")) {
      throw invalidInput(path, [{ message: `it cannot be read (${error.code})` }]);
    }
    throw error;
  }
}

/** No more than tells that it is too long: a device has no end. */
async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    read.push(chunk);
    length += chunk.length;
    if (length > LONGEST_INPUT) break;
  }
  return Buffer.concat(read).toString("utf8");
}
