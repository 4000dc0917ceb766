import type { Worker } from "../orchard/worker.ts";

/** To bring big worktrees back takes time, and a driver carries others' work. */
const PATIENCE_MS = 10 * 60_000;

/**
 * What is to land waits for an undo that was announced: one whose process lives comes to its end, one that was cut off is
 * finished. Throws what `settleUndo` throws.
 */
export async function awaitUndo({ orchard, interrupted }: Worker): Promise<void> {
  const { settleUndo } = await import("../undo/settle-undo.ts");
  await settleUndo(orchard, interrupted, PATIENCE_MS);
}
