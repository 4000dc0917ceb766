/**
 * Text that came from an agent, a task file or a name, made safe to print: no byte that a terminal acts on,
 * no direction override that makes text look like other text. Newlines stay, tabs become two spaces, every
 * other control becomes its visible `\xNN` form. Linear.
 */
export function printable(text: string): string {
  return text.replace(/\t/g, "  ").replace(ACTS_ON_A_TERMINAL, visible);
}

/** As {@link printable}, on one line, at most `width` characters (an ellipsis counts). */
export function printableLine(text: string, width = 200): string {
  const line = printable(text.length > width * 8 ? text.slice(0, width * 8) : text)
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

const ACTS_ON_A_TERMINAL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
