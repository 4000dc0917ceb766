import type { Walk } from "./infer-edges.ts";
import { spreadEntry } from "./walk-in-order.ts";

/**
 * The order in the file says nothing: every task waits for what the layer waits for, and the end of the layer for every
 * task; those that explicit edges inside the layer reach already are left out.
 */
export function walkSideBySide(walk: Walk): readonly number[] {
  const { tasks, hasInside, add } = walk;
  const { entry, pivot } = spreadEntry({ ...walk, parallel: () => true });
  for (const task of tasks) {
    if (task === pivot || hasInside(task, "dependency")) continue;
    for (const wait of entry) add(task, wait);
  }
  const last = tasks.filter((task) => !hasInside(task, "dependent"));
  return last.length > 0 ? last : tasks;
}
