import { error, info } from "../findings.ts";
import type { Finding } from "../task-document.ts";
import type { MaskedSource } from "./mask-lines.ts";

/** Why the bytes are no text that could hold tasks. */
export function whyNoText(bytes: Uint8Array): Finding | undefined {
  const zero = bytes.indexOf(0);
  if (zero === -1) return undefined;
  const message = `This is no text (byte ${zero} is zero); nothing in it was read.`;
  return error("NOT_TEXT", { message, position: { line: 1, column: 1 } });
}

/** Bytes that are no UTF-8 were read as `\ufffd`; where they are many, this was no text. */
export function encodingFindings({ lines, hasBadBytes }: MaskedSource): readonly Finding[] {
  if (!hasBadBytes) return [];
  let bad = 0;
  let length = 0;
  let position: Finding["position"] | undefined;
  for (const { text, number } of lines) {
    length += text.length;
    for (let at = text.indexOf("\ufffd"); at !== -1; at = text.indexOf("\ufffd", at + 1)) {
      position ??= { line: number, column: at + 1 };
      bad++;
    }
  }
  if (position === undefined) return [];
  if (bad * 5 > length) return [error("NOT_TEXT", { message: "This is no UTF-8 text.", position })];
  return [info("NOT_UTF8", { message: `${bad} places are no UTF-8, the first one here.`, position })];
}
