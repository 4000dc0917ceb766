import type { NumberedLayers } from "./outline/number-layers.ts";
import type { Dialect, TaskEntry } from "./task-document.ts";
import type { Choice } from "./tasks/choose-candidates.ts";

/**
 * - Headings that say "Layer", or dependency lines on at least half of the tasks (on any, when nothing is spec-kit's):
 *   layered.
 * - Phases, stories, `[P]` or `[US1]`: speckit. Bare numbers: numbered. Otherwise plain.
 */
export function detectDialect(
  tasks: readonly TaskEntry[],
  { ids }: Choice,
  { all }: NumberedLayers,
  labelledTasks: number,
): Dialect {
  if (all.some(({ kind }) => kind === "layer")) return "layered";
  const isSpeckit =
    all.some(({ kind }) => kind === "phase" || kind === "story") ||
    tasks.some(({ parallel, story }) => parallel || story !== undefined);
  if (labelledTasks > 0 && (labelledTasks * 2 >= tasks.length || !(isSpeckit || ids === "numbered"))) return "layered";
  if (ids === "numbered") return "numbered";
  return isSpeckit && ids === "named" ? "speckit" : "plain";
}
