import { printableLine } from "@orchard/kernel";
import { parseCheckbox } from "./checkbox.ts";
import { saysDone } from "./mark.ts";
import { maskLines } from "./mask-lines.ts";
import type { Finding, ReadOptions, TaskDocument, TaskEntry } from "./task-document.ts";

/** Reads `layered-tasks.md` and spec-kit's `tasks.md`. Never throws, whatever the content. */
export function readLayeredTasks(source: Uint8Array | string, _options: ReadOptions = {}): TaskDocument {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  const { lines, findings } = maskLines(bytes);
  const tasks = new Map<string, TaskEntry>();
  const duplicates: Finding[] = [];
  for (const line of lines) {
    const box = line.state === "text" ? parseCheckbox(line.text) : undefined;
    const found = box === undefined ? null : /^[ \t]*(T\d+)[ \t]+(.*)$/.exec(line.text.slice(box.end));
    if (box === undefined || found === null) continue;
    const id = found[1]!;
    const position = { line: line.number, column: line.text.indexOf(id, box.end) + 1 };
    if (tasks.has(id)) {
      const message = `${printableLine(id)} stands in the file twice.`;
      duplicates.push({ code: "DUPLICATE_TASK", severity: "warning", message, position, task: id });
      continue;
    }
    tasks.set(id, {
      id,
      title: found[2]!.trim(),
      layer: undefined,
      done: saysDone(box.mark),
      mark: box.mark,
      flag: undefined,
      agent: undefined,
      parallel: false,
      story: undefined,
      position,
      checkbox: box.markAt === undefined ? undefined : line.start + box.markAt,
      sharesCheckboxWith: [],
    });
  }
  return {
    dialect: "plain",
    layers: [],
    tasks: [...tasks.values()],
    edges: [],
    findings: [...findings, ...duplicates],
  };
}
