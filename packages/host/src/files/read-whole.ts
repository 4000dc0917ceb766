import { isSystemError } from "@orchard/kernel";
import type { FileSystem, OpenFile } from "./file-system.ts";

/** The content of a file, `undefined` when there is none at `path`: a pipe, a device and a folder are none. */
export async function readWhole(files: FileSystem, path: string): Promise<Buffer | undefined> {
  let file: OpenFile;
  try {
    file = await files.open(path, "read");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) return undefined;
    throw error;
  }
  try {
    return (await file.stat()).kind === "file" ? await readAll(file) : undefined;
  } finally {
    await file.close();
  }
}

/** The content of an open file from `from` to its end, as it is now. */
export async function readAll(file: OpenFile, from = 0): Promise<Buffer> {
  const { size } = await file.stat();
  let content = Buffer.allocUnsafe(Math.max(0, size - from) + 1);
  let length = 0;
  for (;;) {
    const count = await file.read(content.subarray(length), from + length);
    if (count === 0) return content.subarray(0, length);
    length += count;
    if (length === content.length) content = Buffer.concat([content], content.length * 2);
  }
}
