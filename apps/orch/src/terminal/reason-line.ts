import { printableLine } from "@orchard/kernel";

/** A reason in one line: its sentence, set apart from what a command printed below it. */
export function reasonLine(reason: string, width: number): string {
  return printableLine(reason.trim().replace(/\n\s*/, " · "), width);
}
