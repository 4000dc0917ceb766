import { readLayeredTasks } from "./read-layered-tasks.ts";
import { isTicked, TICK } from "./source/mark.ts";
import type { TaskEntry } from "./task-document.ts";

/**
 * A copy of `source` in which the boxes of exactly the tasks `ids` are ticked, one byte each; everything else is the
 * same byte for byte. A box that several tasks share is ticked once each of them is in `ids` or done. Ids that the
 * file does not have, and tasks without a box, change nothing.
 */
export function tickTasks(source: Uint8Array, ids: ReadonlySet<string>): Uint8Array {
  const { tasks } = readLayeredTasks(source, { inferred: false });
  const ticked = new Uint8Array(source);
  const done = new Set(tasks.filter((task) => task.done).map(({ id }) => id));
  const isFinished = (id: string) => ids.has(id) || done.has(id);
  for (const task of tasks) {
    if (task.checkbox === undefined || !ids.has(task.id) || isTicked(ticked[task.checkbox])) continue;
    if (everyTaskOfBox(task).every(isFinished)) ticked[task.checkbox] = TICK;
  }
  return ticked;
}

function everyTaskOfBox({ id, sharesCheckboxWith }: TaskEntry): readonly string[] {
  return [id, ...sharesCheckboxWith];
}
