/**
 * Text that came from an agent, a task file or a name, made safe to print: no byte that a terminal acts on,
 * no direction override and no invisible character that makes text look like other text. Newlines stay, tabs become
 * two spaces, every other such character becomes its visible form (`\x1b`, `\u202e`, `\u{e0041}`). The joiners
 * that emoji and several scripts need stay. Linear.
 */
export function printable(text: string): string {
  return text.replace(/\t/g, "  ").replace(ACTS_OR_DECEIVES, visible);
}

/** As {@link printable}, on one line, at most `width` characters; an ellipsis (counted) says that there was more. */
export function printableLine(text: string, width = 200): string {
  const start = text.slice(0, width * 8);
  const line = printable(start).replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  if (characters.length <= width && start.length === text.length) return line;
  return `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** C0 but newline, DEL, C1 · marks and overrides of direction · line separators · what takes no room · tags. */
const ACTS_OR_DECEIVES =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}
