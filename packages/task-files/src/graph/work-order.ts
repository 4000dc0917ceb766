import type { TaskEntry } from "../task-document.ts";

/** File order, but a numbered task that has parts (3 with 3.1, 3.2) after those: it is done when they are. */
export function workOrder(members: readonly number[], tasks: readonly TaskEntry[]): readonly number[] {
  const order: number[] = [];
  const open: number[] = [];
  const holds = (whole: number, part: number) => tasks[part]!.id.startsWith(`${tasks[whole]!.id}.`);
  members.forEach((task, i) => {
    while (open.length > 0 && !holds(open.at(-1)!, task)) order.push(open.pop()!);
    const next = members[i + 1];
    if (next !== undefined && holds(task, next)) open.push(task);
    else order.push(task);
  });
  return [...order, ...open.reverse()];
}
