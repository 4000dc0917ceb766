import { printable } from "@orchard/kernel";

/** Colours and weights: the only sequences of ours, and the only ones that reach a terminal. */
const COLOUR = /(\u001b\[[0-9;]*m)/;

/** Text for a terminal: whatever would act on it is shown instead, except colours. */
export function safeText(text: string): string {
  return text
    .split(COLOUR)
    .map((part) => (COLOUR.test(part) ? part : printable(part)))
    .join("");
}
