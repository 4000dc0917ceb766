import { emptyText } from "../errors.ts";
import { type Given, textOf } from "../shape/command-shape.ts";

const LONGEST = 2000;

/** The text of `--reason`, if there is one. Throws `USAGE` when it says nothing. */
export function reasonOf(given: Given): string | undefined {
  const text = textOf(given, "reason");
  return text === undefined ? undefined : checkText("--reason", text);
}

/** One that commander made sure of. */
export function requireReason(given: Given): string {
  return checkText("--reason", textOf(given, "reason") ?? "");
}

export function checkText(option: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > LONGEST) throw emptyText(option);
  return trimmed;
}
