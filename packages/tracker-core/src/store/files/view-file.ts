import { dirname } from "node:path";
import { type FileStat, type FileSystem, readWhole, writeDurable } from "@orchard/host";
import { isSystemError, type JsonObject } from "@orchard/kernel";
import type { Position } from "./fold-file.ts";
import { hashOf } from "./line.ts";

/** What the field `journal` of a view says. */
export interface ViewHeader extends Position {
  /** Hash over everything below the line of this field. */
  readonly checksum: string;
}

export interface ViewFile {
  readonly stat: FileStat;
  /** `undefined` when it is no view of ours, or was changed by somebody else. */
  readonly header: ViewHeader | undefined;
}

/** The rendered state without the header. */
export interface Rendered {
  readonly body: string;
  readonly checksum: string;
}

export function renderView(content: JsonObject): Rendered {
  const { journal: _, ...rest } = content;
  const text = JSON.stringify(rest, undefined, 2);
  const body = text === "{}" ? "}\n" : `${text.slice(2)}\n`;
  return { body, checksum: hashOf(body) };
}

/** Writes the view in one step; its folder is made when it is missing. */
export async function writeView(
  files: FileSystem,
  path: string,
  rendered: Rendered,
  position: Position,
): Promise<void> {
  const header: ViewHeader = { ...position, checksum: rendered.checksum };
  const line = `{\n  "journal": ${JSON.stringify(header)}${rendered.body === "}\n" ? "" : ","}\n`;
  const content = `${line}${rendered.body}`;
  try {
    await writeDurable(files, path, content, { mode: 0o644 });
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    await makeFolders(files, dirname(path));
    await writeDurable(files, path, content, { mode: 0o644 });
  }
}

/** `undefined` when there is none. A file that was not touched since `before` is not read again. */
export async function readView(files: FileSystem, path: string, before?: ViewFile): Promise<ViewFile | undefined> {
  const stat = await files.stat(path);
  if (before !== undefined && stat !== undefined && isUntouched(before.stat, stat)) return before;
  if (stat !== undefined && stat.kind !== "file") return { stat, header: undefined };
  const text = stat === undefined ? undefined : (await readWhole(files, path))?.toString("utf8");
  if (stat === undefined || text === undefined) return undefined;
  return { stat, header: headerOf(text) };
}

function isUntouched(before: FileStat, now: FileStat): boolean {
  return now.ino === before.ino && now.size === before.size && now.changedAt === before.changedAt;
}

/** As {@link readView}, of the first bytes only: the header may be wrong. */
export async function peekView(files: FileSystem, path: string): Promise<Position | undefined> {
  if ((await files.stat(path))?.kind !== "file") return undefined;
  const file = await files.open(path, "read");
  try {
    const start = Buffer.alloc(512);
    const text = start.toString("utf8", 0, await file.read(start, 0));
    return JSON.parse(/^\{\n {2}"journal": (\{[^\n]*\}),?\n/.exec(text)?.[1] ?? "null") ?? undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

function headerOf(text: string): ViewHeader | undefined {
  const match = /^\{\n {2}"journal": (\{[^\n]*\}),?\n/.exec(text);
  try {
    const header = JSON.parse(match?.[1] ?? "null") as ViewHeader | null;
    return header !== null && header.checksum === hashOf(text.slice(match?.[0].length)) ? header : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder and those above it, each durable. */
export async function makeFolders(files: FileSystem, folder: string): Promise<void> {
  if ((await files.stat(folder)) !== undefined) return;
  await makeFolders(files, dirname(folder));
  await files.makeFolder(folder, 0o755);
  await files.syncFolder(dirname(folder));
}
