import { printableLine } from "@orchard/kernel";
import type { Finding, FindingCode, Position } from "./task-document.ts";

type Found = Omit<Finding, "code" | "severity">;

export const error = (code: FindingCode, found: Found): Finding => ({ code, severity: "error", ...found });
export const warning = (code: FindingCode, found: Found): Finding => ({ code, severity: "warning", ...found });
export const info = (code: FindingCode, found: Found): Finding => ({ code, severity: "info", ...found });

/** Text of the file as part of a sentence. */
export function quoted(text: string): string {
  return printableLine(text, 80);
}

export function inFileOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => comparePositions(a.position, b.position));
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}
