import { type Edge, type ReadOptions, readLayeredTasks, type TaskDocument, type TaskEntry } from "../src/index.ts";

export function read(source: string | Uint8Array, options?: ReadOptions): TaskDocument {
  return readLayeredTasks(source, options);
}

/** The only task of `source`. */
export function taskOf(source: string): TaskEntry {
  const { tasks } = read(source);
  if (tasks.length !== 1) throw new Error(`${tasks.length} tasks: ${tasks.map(({ id }) => id).join(" ")}`);
  return tasks[0]!;
}

export function idsOf(source: string): readonly string[] {
  return read(source).tasks.map(({ id }) => id);
}

/** `T002<T001` = T002 waits for T001. */
export function edgesOf(source: string, kind?: Edge["kind"], options?: ReadOptions): readonly string[] {
  const edges = read(source, options).edges.filter((edge) => kind === undefined || edge.kind === kind);
  return edges.map(({ task, dependsOn }) => `${task}<${dependsOn}`).sort();
}

export function codesOf(source: string | Uint8Array, options?: ReadOptions): readonly string[] {
  return read(source, options).findings.map(({ code, position }) => `${code} ${position.line}:${position.column}`);
}

/** Boxes T001 … T00n, so that ids in what is tested exist. */
export function boxes(count: number, from = 1): string {
  return Array.from({ length: count }, (_, i) => `- [ ] T${String(from + i).padStart(3, "0")} x`).join("\n");
}

export const bytesOf = (text: string) => new TextEncoder().encode(text);
