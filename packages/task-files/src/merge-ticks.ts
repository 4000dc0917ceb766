import { findBoxes } from "./source/find-boxes.ts";
import { isMarkByte, isTicked, TICK } from "./source/mark.ts";

/**
 * Brings two versions of one file together that differ from `base` only inside its checkboxes (those of tasks and of
 * their steps): every box that either side ticked is ticked. `undefined` when anything else differs, or when both
 * sides gave one box different marks that are no tick.
 */
export function mergeTicks(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (ours.length !== base.length || theirs.length !== base.length) return undefined;
  const merged = new Uint8Array(base);
  let boxes: ReadonlySet<number> | undefined;
  for (let i = 0; i < base.length; i++) {
    if (ours[i] === base[i] && theirs[i] === base[i]) continue;
    boxes ??= findBoxes(base);
    const mark = boxes.has(i) ? mergeMark(base[i]!, ours[i]!, theirs[i]!) : undefined;
    if (mark === undefined) return undefined;
    merged[i] = mark;
  }
  return merged;
}

function mergeMark(base: number, ours: number, theirs: number): number | undefined {
  if (!isMarkByte(ours) || !isMarkByte(theirs)) return undefined;
  if (isTicked(ours) !== isTicked(theirs)) return isTicked(ours) ? ours : theirs;
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  return isTicked(ours) ? TICK : undefined;
}
