import { basename, dirname } from "node:path";
import type { FileStat, FileSystem, OpenFile, OpenMode } from "../files/file-system.ts";
import type { Random } from "./random.ts";
import { SimulatedFile } from "./simulated-file.ts";
import { SimulatedFolder } from "./simulated-folder.ts";
import { systemError } from "./system-error.ts";

/**
 * A disk in memory that forgets what was not synced: at a power cut contents and names that nobody made durable vanish,
 * tear or come in another order. A file's name is durable only after a sync of its folder, as POSIX has it.
 */
export class SimulatedDisk {
  readonly #folders = new Map<string, SimulatedFolder>();
  readonly #random: Random;
  readonly #now: () => number;
  #nextIno = 1;

  constructor(random: Random, now: () => number = () => 0) {
    this.#random = random;
    this.#now = now;
    this.#folders.set("/", new SimulatedFolder(this.#ino()));
  }

  /** The file system as a program has it. */
  files(): FileSystem {
    return {
      open: async (path, mode) => this.#open(path, mode),
      stat: async (path) => this.#stat(path),
      readFolder: async (path) => [...this.#folder(path).names()],
      makeFolder: async (path) => {
        if (this.#folders.has(path)) return false;
        if (!this.#folders.has(dirname(path))) throw systemError("ENOENT", "mkdir", path);
        this.#folders.set(path, new SimulatedFolder(this.#ino()));
        return true;
      },
      rename: async (from, to) => {
        const file = this.#require(from, "rename");
        if (dirname(from) !== dirname(to)) throw systemError("EXDEV", "rename", to);
        this.#parent(to).change([basename(to), file], [basename(from), undefined]);
      },
      link: async (from, to) => {
        const file = this.#require(from, "link");
        if (this.find(to) !== undefined) throw systemError("EEXIST", "link", to);
        this.#parent(to).change([basename(to), file]);
      },
      unlink: async (path) => {
        this.#require(path, "unlink");
        this.#parent(path).change([basename(path), undefined]);
      },
      syncFolder: async (path) => this.#folder(path).sync(),
      fileSystemType: async () => 0xef53,
      watchFolder: () => ({ stop: () => undefined }),
    };
  }

  /** The power goes and comes back. Descriptors that were open are of no more use to anybody. */
  cutPower(): void {
    const folders = [...this.#folders.values()];
    const files = new Set(folders.flatMap((folder) => folder.files()));
    for (const file of files) file.cutPower(this.#random);
    for (const folder of folders) folder.cutPower(this.#random);
  }

  find(path: string): SimulatedFile | undefined {
    return this.#folders.get(dirname(path))?.find(basename(path));
  }

  /** Every path that names a file now. */
  paths(): readonly string[] {
    return [...this.#folders].flatMap(([path, folder]) =>
      folder.names().map((name) => (path === "/" ? `/${name}` : `${path}/${name}`)),
    );
  }

  /** A sync of the file fails as the kernel lets it: its dirty pages are clean now, and partly lost. */
  failSync(path: string): void {
    this.find(path)?.failSync(this.#random);
  }

  #open(path: string, mode: OpenMode): OpenFile {
    const found = this.find(path);
    if (mode === "create") {
      if (found !== undefined || this.#folders.has(path)) throw systemError("EEXIST", "open", path);
      const made = new SimulatedFile(this.#ino(), this.#now());
      this.#parent(path).change([basename(path), made]);
      return this.#handle(made, path, true);
    }
    return this.#handle(found ?? this.#require(path, "open"), path, mode === "append");
  }

  #handle(file: SimulatedFile, path: string, isWritable: boolean): OpenFile {
    let toldFailures = file.failures;
    const sync = async () => {
      if (file.failures > toldFailures) {
        toldFailures = file.failures;
        throw systemError("EIO", "fdatasync", path);
      }
      file.sync();
    };
    return {
      write: async (bytes) => {
        if (!isWritable) throw systemError("EBADF", "write", path);
        file.append(bytes);
        file.changedAt = this.#now();
        return bytes.length;
      },
      read: async (into, position) => file.read(into, position),
      dataSync: sync,
      sync,
      stat: async () => statOf(file),
      close: async () => undefined,
    };
  }

  #stat(path: string): FileStat | undefined {
    const folder = this.#folders.get(path);
    if (folder !== undefined) return { kind: "folder", dev: 1, ino: folder.ino, size: 0, changedAt: 0 };
    const file = this.find(path);
    return file === undefined ? undefined : statOf(file);
  }

  #require(path: string, call: string): SimulatedFile {
    const file = this.find(path);
    if (file === undefined) throw systemError(this.#folders.has(path) ? "EISDIR" : "ENOENT", call, path);
    return file;
  }

  #parent(path: string): SimulatedFolder {
    return this.#folder(dirname(path));
  }

  #folder(path: string): SimulatedFolder {
    const folder = this.#folders.get(path);
    if (folder === undefined) throw systemError("ENOENT", "open", path);
    return folder;
  }

  #ino(): number {
    this.#nextIno += 1;
    return this.#nextIno;
  }
}

function statOf(file: SimulatedFile): FileStat {
  return { kind: "file", dev: 1, ino: file.ino, size: file.size, changedAt: file.changedAt };
}
