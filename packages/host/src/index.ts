export { createDurable } from "./files/create-durable.ts";
export type { FileStat, FileSystem, OpenFile, OpenMode } from "./files/file-system.ts";
export { namesIn } from "./files/names-in.ts";
export { nodeFiles } from "./files/node-files.ts";
export { readAll, readWhole } from "./files/read-whole.ts";
export { TEMPORARY_SUFFIX, writeDurable, writeSynced } from "./files/write-durable.ts";
export { nameHolder } from "./locks/errors.ts";
export { createFileLocks, type FileLocksOptions, fileLocks } from "./locks/file-locks.ts";
export type { HeldLock, LockHolder, Locks, TakeOptions } from "./locks/locks.ts";
export { bootId } from "./processes/boot-id.ts";
export { type EndedTree, type EndTreeOptions, endTree } from "./processes/end-tree.ts";
export { type Liveness, livenessOf } from "./processes/liveness.ts";
export {
  identityOf,
  identityOfChild,
  isSameProcess,
  ownIdentity,
  type ProcessIdentity,
  readIdentity,
} from "./processes/process-identity.ts";
export { type ProcessRow, readProcessRow, readProcessTable } from "./processes/process-table.ts";
export {
  type MarkedProcess,
  processesInside,
  processesMarked,
  processesWithMark,
  processTree,
  treeRows,
} from "./processes/process-tree.ts";
export { randomToken, systemClock } from "./processes/system-clock.ts";
