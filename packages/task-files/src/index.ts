export { mergeTicks } from "./merge-ticks.ts";
export { readLayeredTasks } from "./read-layered-tasks.ts";
export type {
  Dialect,
  Edge,
  Finding,
  FindingCode,
  Layer,
  Position,
  ReadOptions,
  TaskDocument,
  TaskEntry,
  TaskFlag,
} from "./task-document.ts";
export { tickTasks } from "./tick-tasks.ts";
