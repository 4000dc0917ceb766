import type { Worker } from "../orchard/worker.ts";

/**
 * What is to land waits for an undo that was announced: one whose process lives comes to its end, one that was cut off is
 * finished. Throws what `settleUndo` throws.
 */
export async function awaitUndo({ orchard, interrupted }: Worker): Promise<void> {
  const { settleUndo } = await import("../undo/settle-undo.ts");
  await settleUndo(orchard, interrupted);
}
