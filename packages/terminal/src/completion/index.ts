export type { CommandLike, KindOf, WordKind } from "./command-tree.ts";
export { COMPLETED_SHELLS, completionScript, type Shell } from "./completion-script.ts";
