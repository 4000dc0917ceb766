import type { Wait, Walk } from "./infer-edges.ts";

/**
 * Spec-kit's rule: a task marked `[P]` waits for what its phase waits for; any other waits for all before it in the
 * phase, which is the last such task and the `[P]` ones since. Returns the tasks that the end of the phase waits for.
 */
export function walkInOrder(walk: Walk): readonly number[] {
  const { tasks, parallel, position, add } = walk;
  const spread = spreadEntry(walk);
  const entry = spread.entry;
  const ofEntry = new Set(entry.map(({ on }) => on));
  let before: readonly Wait[] = entry;
  let beside: number[] = [];
  let isCovered = false;
  for (const task of tasks) {
    if (task === spread.pivot) continue;
    if (parallel(task)) {
      const loose = entry.filter((wait) => !add(task, wait));
      isCovered ||= loose.length === 0;
      beside.push(task);
      continue;
    }
    const order = { from: "order" as const, position: position(task) };
    const still = beside.length > 0 && isCovered ? before.filter(({ on }) => !ofEntry.has(on)) : before;
    const waits = [...still, ...beside.map((on) => ({ on, ...order }))];
    // What explicit edges forbid this one to wait for, the next one has to.
    const loose = waits.filter((wait) => !add(task, wait));
    before = [...loose, { on: task, ...order }];
    beside = [];
  }
  const last = beside.length > 0 && isCovered ? before.filter(({ on }) => !ofEntry.has(on)) : before;
  return [...new Set([...last.map(({ on }) => on), ...beside])];
}

/**
 * When many tasks would wait for many, the first of them waits for all and the others for it: a little stricter, but
 * the number of edges stays linear.
 */
export function spreadEntry({ tasks, entry, parallel, position, add }: Walk): {
  readonly entry: readonly Wait[];
  readonly pivot: number | undefined;
} {
  const takers = tasks.reduce((sum, task) => sum + (parallel(task) ? 1 : 0), 1);
  const pivot = tasks[0]!;
  if (takers * entry.length <= MOST_OF_BOTH * (takers + entry.length)) return { entry, pivot: undefined };
  const loose = entry.filter((wait) => !add(pivot, wait));
  return { entry: [...loose, { on: pivot, from: "order", position: position(pivot) }], pivot };
}

const MOST_OF_BOTH = 16;
