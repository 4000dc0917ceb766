import fs from "node:fs";
import { isSystemError } from "@orchard/kernel";
import type { FileStat, FileSystem, OpenFile, OpenMode } from "./file-system.ts";

/**
 * The files of this machine. Only the syncs wait in the thread pool. All else is done at once, inside the call: the page
 * cache answers in a few microseconds, less than a hop to another thread, and the hop is just the window in which another
 * process wins the race for the next record.
 */
export const nodeFiles: FileSystem = {
  open: async (path, mode, permissions = 0o600) => openFile(fs.openSync(path, FLAGS[mode], permissions)),
  stat: async (path) => {
    const stat = statOf(path);
    return stat === undefined ? undefined : fileStat(stat);
  },
  readFolder: async (path) => fs.readdirSync(path),
  makeFolder: async (path, permissions = 0o700) => {
    try {
      fs.mkdirSync(path, { mode: permissions });
      return true;
    } catch (error) {
      if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return false;
      throw error;
    }
  },
  rename: async (from, to) => fs.renameSync(from, to),
  link: async (from, to) => fs.linkSync(from, to),
  unlink: async (path) => fs.unlinkSync(path),
  syncFolder,
  fileSystemType: async (path) => fs.statfsSync(path).type,
  watchFolder: (path, changed) => {
    const watcher = fs.watch(path, changed);
    watcher.on("error", () => watcher.close());
    return { stop: () => watcher.close() };
  },
};

const FLAGS: Readonly<Record<OpenMode, number>> = {
  // Whatever stands there: opening a pipe waits for nobody.
  read: fs.constants.O_RDONLY | fs.constants.O_NONBLOCK,
  append: fs.constants.O_RDWR | fs.constants.O_APPEND,
  create: fs.constants.O_RDWR | fs.constants.O_APPEND | fs.constants.O_CREAT | fs.constants.O_EXCL,
};

/** Links that lead to themselves are something, too: the link. */
function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isSystemError(error, "ELOOP")) return fs.lstatSync(path, { throwIfNoEntry: false });
    throw error;
  }
}

function openFile(descriptor: number): OpenFile {
  return {
    write: async (bytes) => fs.writeSync(descriptor, bytes, 0, bytes.length, null),
    read: async (into, position) => fs.readSync(descriptor, into, 0, into.length, position),
    dataSync: () => waited((done) => fs.fdatasync(descriptor, done)),
    sync: () => waited((done) => fs.fsync(descriptor, done)),
    stat: async () => fileStat(fs.fstatSync(descriptor)),
    close: async () => fs.closeSync(descriptor),
  };
}

function fileStat(stat: fs.Stats): FileStat {
  const kind = stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other";
  return { kind, dev: stat.dev, ino: stat.ino, size: stat.size, changedAt: stat.mtimeMs };
}

async function syncFolder(path: string): Promise<void> {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY);
  try {
    await waited((done) => fs.fsync(descriptor, done));
  } finally {
    fs.closeSync(descriptor);
  }
}

function waited(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error === null ? resolve() : reject(error))));
}
