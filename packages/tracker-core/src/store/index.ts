export { type CreateFileStoreOptions, createFileStore } from "./create-file-store.ts";
export { openMemoryStore } from "./memory/open-memory-store.ts";
export { type OpenFileStoreOptions, openFileStore } from "./open-file-store.ts";
export { probeFolder } from "./probe-folder.ts";
export { type Fact, JOURNAL_STREAM, type JournalRecord, type Machine } from "./record.ts";
export type { Committed, Decision, Folded, Intent, Listener, Store } from "./store.ts";
export type { View } from "./view.ts";
