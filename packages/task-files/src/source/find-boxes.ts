import { parseCheckbox } from "./checkbox.ts";
import { maskLines } from "./mask-lines.ts";

/** Byte offsets of every mark that one byte can change: boxes of list items and headings outside code and comments. */
export function findBoxes(source: Uint8Array): ReadonlySet<number> {
  const boxes = new Set<number>();
  for (const line of maskLines(source).lines) {
    const markAt = line.state === "text" ? parseCheckbox(line.text)?.markAt : undefined;
    if (markAt !== undefined) boxes.add(line.start + markAt);
  }
  return boxes;
}
