/** What a path names. `ino` and `dev` together say whether two paths name the same file. */
export interface FileStat {
  readonly kind: "file" | "folder" | "other";
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  /** Wall time in ms since 1970 of the last change, as the file system keeps it. */
  readonly changedAt: number;
}

/**
 * How a file is opened:
 * - `read`: must exist, read only; opening waits for nobody, whatever kind it is;
 * - `append`: must exist, read and write, every write goes to the end of the file at that instant (`O_APPEND`);
 * - `create`: must not exist, read and append; a link at the path is refused too (`O_CREAT | O_EXCL`).
 */
export type OpenMode = "read" | "append" | "create";

/** An open file. It goes on naming the same file when the path is renamed or removed. */
export interface OpenFile {
  /**
   * One `write(2)` of all of `bytes`; returns how many were written, which may be fewer. After a crash of the machine any
   * part of what was not synced may be there, missing, or zeroes, in any order.
   */
  write(bytes: Uint8Array): Promise<number>;
  /** Reads at `position` without moving anything; returns how many bytes, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /**
   * Resolves when the content and the size of the file survive a power cut, whoever wrote it. After a failure nothing is
   * known about what was written since the last success, and a second call proves nothing.
   */
  dataSync(): Promise<void>;
  /** As {@link OpenFile.dataSync}, with the file's other attributes. Neither makes the name durable. */
  sync(): Promise<void>;
  stat(): Promise<FileStat>;
  close(): Promise<void>;
}

/**
 * The files of one machine, as the store needs them. Every method rejects with the system's error (`code` is `ENOENT`,
 * `ENOSPC` …); none retries. Asynchronous, so that a test can stop, fail or cut off any call; see `nodeFiles` for what
 * waits in truth.
 */
export interface FileSystem {
  /** `permissions` count when the file is made (default 0600). After a crash a made file may have no name yet. */
  open(path: string, mode: OpenMode, permissions?: number): Promise<OpenFile>;
  /** What `path` names, links followed; `undefined` when there is nothing. */
  stat(path: string): Promise<FileStat | undefined>;
  /** The names in a folder, in no order. */
  readFolder(path: string): Promise<readonly string[]>;
  /** Makes one folder (default 0700); `false` when it is there already. Durable after `syncFolder` of its parent. */
  makeFolder(path: string, permissions?: number): Promise<boolean>;
  /** Replaces `to` in one step: before, during and after, `to` names the old or the new file. Durable after `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file; `EEXIST` when the name is taken. Durable after `syncFolder`. */
  link(from: string, to: string): Promise<void>;
  /** Takes one name away. Durable after `syncFolder`; until then a crash may bring the name back. */
  unlink(path: string): Promise<void>;
  /** Resolves when every name made, changed or removed in this folder until now survives a power cut. */
  syncFolder(path: string): Promise<void>;
  /** The type number of the file system that holds `path`, as `statfs(2)` says it. */
  fileSystemType(path: string): Promise<number>;
  /**
   * Calls `changed` soon after something in the folder changed, once for several changes. A hint: it may be missed, or
   * come for nothing. Throws when the machine has no watcher left.
   */
  watchFolder(path: string, changed: () => void): { stop(): void };
}
