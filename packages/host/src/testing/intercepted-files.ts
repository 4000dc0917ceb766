import type { FileSystem, OpenFile } from "../files/file-system.ts";

/** One call of a program to the file system. */
export interface FileCall {
  readonly name: Exclude<keyof FileSystem, "watchFolder"> | keyof OpenFile;
  readonly path: string;
  /** What a `write` wants to write. */
  readonly bytes?: Uint8Array;
}

/**
 * Stands between a program and its files: `around` may wait before it lets a call proceed, fail it before or after, let it
 * proceed with fewer bytes, or never answer.
 */
export function interceptedFiles(
  inner: FileSystem,
  around: <T>(call: FileCall, proceed: (bytes?: Uint8Array) => Promise<T>) => Promise<T>,
): FileSystem {
  return {
    open: (path, mode, permissions) =>
      around({ name: "open", path }, async () =>
        interceptedFile(await inner.open(path, mode, permissions), path, around),
      ),
    stat: (path) => around({ name: "stat", path }, () => inner.stat(path)),
    readFolder: (path) => around({ name: "readFolder", path }, () => inner.readFolder(path)),
    makeFolder: (path, permissions) => around({ name: "makeFolder", path }, () => inner.makeFolder(path, permissions)),
    rename: (from, to) => around({ name: "rename", path: to }, () => inner.rename(from, to)),
    link: (from, to) => around({ name: "link", path: to }, () => inner.link(from, to)),
    unlink: (path) => around({ name: "unlink", path }, () => inner.unlink(path)),
    syncFolder: (path) => around({ name: "syncFolder", path }, () => inner.syncFolder(path)),
    fileSystemType: (path) => around({ name: "fileSystemType", path }, () => inner.fileSystemType(path)),
    watchFolder: (path, changed) => inner.watchFolder(path, changed),
  };
}

function interceptedFile(inner: OpenFile, path: string, around: Parameters<typeof interceptedFiles>[1]): OpenFile {
  return {
    write: (bytes) => around({ name: "write", path, bytes }, (fewer) => inner.write(fewer ?? bytes)),
    read: (into, position) => around({ name: "read", path }, () => inner.read(into, position)),
    dataSync: () => around({ name: "dataSync", path }, () => inner.dataSync()),
    sync: () => around({ name: "sync", path }, () => inner.sync()),
    stat: () => around({ name: "stat", path }, () => inner.stat()),
    close: () => around({ name: "close", path }, () => inner.close()),
  };
}
