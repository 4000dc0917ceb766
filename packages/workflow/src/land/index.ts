export { besideDriver } from "../orchard/worker.ts";
export { settleUndo } from "../undo/settle-undo.ts";
export { followIfBehind } from "./synchronise.ts";
