import { type ErrorKind, EXIT_CODE_OF_KIND } from "@orchard/kernel";
import type { CodedError } from "./coded-error.ts";

/** The generated part of docs/errors.md: every code once, with all its sentences and hints. */
export function errorsPage(errors: readonly CodedError[]): string {
  const codes = [...Map.groupBy(errors, ({ code }) => code).entries()];
  return codes.map(([code, same]) => entry(code, same)).join("\n\n");
}

/** Codes that are built with different kinds; a code has one meaning and one exit code. */
export function ambiguousCodes(errors: readonly CodedError[]): readonly string[] {
  return [...Map.groupBy(errors, ({ code }) => code).entries()]
    .filter(([, same]) => new Set(same.map(({ kind }) => kind)).size > 1)
    .map(([code, same]) => `${code} is ${same.map(({ kind, where }) => `${kind} at ${where}`).join(" and ")}`);
}

function entry(code: string, same: readonly CodedError[]): string {
  const kind = same[0]?.kind ?? "internal";
  const rooms = unique(same.map(({ room }) => room)).join(", ");
  const hints = unique(same.flatMap((one) => one.hints)).map((hint) => `- hint: ${line(hint)}`);
  return [
    `### ${code}`,
    "",
    `Exit ${EXIT_CODE_OF_KIND[kind as ErrorKind]} (${kind}) · ${rooms}`,
    "",
    ...unique(same.flatMap((one) => one.sentences)).map((sentence) => `- ${line(sentence)}`),
    ...hints,
  ].join("\n");
}

/** One line of Markdown; what stands in backquotes is left alone. */
function line(text: string): string {
  const parts = text.replaceAll("\n", " ⏎ ").split("`");
  return parts.map((part, i) => (i % 2 === 0 ? part.replaceAll("<", "\\<") : part)).join("`");
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
