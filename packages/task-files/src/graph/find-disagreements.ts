import type { Claims } from "../dependencies/said.ts";
import { quoted, warning } from "../findings.ts";
import type { Finding, TaskEntry } from "../task-document.ts";

/**
 * Where one task says that it blocks another and the other, which has a `Dependencies:` line, does not name it; and the
 * other way round. Both are read as one dependency.
 */
export function findDisagreements(tasks: readonly TaskEntry[], { depends, blocks }: Claims): readonly Finding[] {
  const id = (task: number) => quoted(tasks[task]!.id);
  const found = (message: string, position: Finding["position"], task: number) =>
    warning("BLOCKS_DISAGREE", { message, position, task: tasks[task]!.id });
  const findings: Finding[] = [];
  for (const { task: blocker, other: task, position } of blocks.notReturnedBy(depends)) {
    const message = `${id(blocker)} says that it blocks ${id(task)}, whose dependencies do not name it; ${id(task)} waits for it.`;
    findings.push(found(message, position, blocker));
  }
  for (const { task, other: dependency } of depends.notReturnedBy(blocks)) {
    const message = `${id(task)} depends on ${id(dependency)}, which does not say that it blocks it; ${id(task)} waits for it.`;
    findings.push(found(message, tasks[task]!.position, task));
  }
  return findings;
}
