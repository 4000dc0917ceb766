import type { Finding } from "../task-document.ts";
import { type SourceLine, splitLines } from "./split-lines.ts";

export interface MaskedLine extends SourceLine {
  /** `code`: inside a fence (its first and last line too). `hidden`: front matter. */
  readonly state: "text" | "code" | "hidden";
  /** Spaces before the first character; a tab goes to the next multiple of four. */
  readonly indent: number;
}

export interface MaskedSource {
  readonly lines: readonly MaskedLine[];
  readonly findings: readonly Finding[];
}

/** Tells code from text; what stands in HTML comments becomes spaces, so that columns stay. */
export function maskLines(bytes: Uint8Array): MaskedSource {
  const mask = new Mask();
  const lines = splitLines(bytes);
  const bodyStart = endOfFrontMatter(lines);
  const body = lines.map((line, i) => (i < bodyStart ? masked(line, line.text, "hidden") : mask.next(line)));
  return { lines: body, findings: mask.unclosed() };
}

function masked({ number, start }: SourceLine, text: string, state: MaskedLine["state"]): MaskedLine {
  return { number, start, text, state, indent: indentOf(text) };
}

function endOfFrontMatter(lines: readonly SourceLine[]): number {
  if (lines[0]?.text.trimEnd() !== "---") return 0;
  const end = lines.findIndex(({ text }, i) => i > 0 && FRONT_MATTER_END.has(text.trimEnd()));
  return end === -1 ? 0 : end + 1;
}

const FRONT_MATTER_END: ReadonlySet<string> = new Set(["---", "..."]);

class Mask {
  #fence: { readonly mark: string; readonly length: number; readonly line: number } | undefined;
  #comment: number | undefined;

  next(line: SourceLine): MaskedLine {
    if (this.#fence !== undefined) {
      if (isClosing(line.text, this.#fence)) this.#fence = undefined;
      return masked(line, line.text, "code");
    }
    const text = this.#withoutComments(line);
    const opening = text.includes("```") || text.includes("~~~") ? OPENING_FENCE.exec(text) : null;
    const isFence = opening !== null && !(opening[1]!.startsWith("`") && text.indexOf("`", opening[0].length) !== -1);
    if (isFence) this.#fence = { mark: opening[1]![0]!, length: opening[1]!.length, line: line.number };
    return masked(line, text, isFence ? "code" : "text");
  }

  unclosed(): readonly Finding[] {
    const found = (code: "UNCLOSED_FENCE" | "UNCLOSED_COMMENT", line: number, what: string): Finding => ({
      code,
      severity: "warning",
      message: `${what} is never closed: nothing after it is read as a task.`,
      position: { line, column: 1 },
    });
    return [
      ...(this.#fence === undefined ? [] : [found("UNCLOSED_FENCE", this.#fence.line, "This code fence")]),
      ...(this.#comment === undefined ? [] : [found("UNCLOSED_COMMENT", this.#comment, "This comment")]),
    ];
  }

  #withoutComments({ text, number }: SourceLine): string {
    if (this.#comment === undefined && !text.includes("<!--")) return text;
    let visible = "";
    let at = 0;
    while (at < text.length) {
      if (this.#comment === undefined) {
        const start = commentStart(text, at);
        visible += text.slice(at, start);
        at = start;
        if (start < text.length) this.#comment = number;
      } else {
        const end = text.indexOf("-->", at);
        const next = end === -1 ? text.length : end + 3;
        visible += " ".repeat(next - at);
        at = next;
        if (end !== -1) this.#comment = undefined;
      }
    }
    return visible;
  }
}

/** Where the next comment begins; one that is quoted as code is none. */
function commentStart(text: string, from: number): number {
  let inCode = false;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "`") inCode = !inCode;
    if (!inCode && text[i] === "<" && text.startsWith("<!--", i)) return i;
  }
  return text.length;
}

/** Also behind a bullet: a step of a task may be nothing but code. */
const OPENING_FENCE = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})/;

function isClosing(text: string, fence: { readonly mark: string; readonly length: number }): boolean {
  const trimmed = text.trim();
  return trimmed.length >= fence.length && trimmed === fence.mark.repeat(trimmed.length);
}

function indentOf(text: string): number {
  let indent = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === " ") indent++;
    else if (text[i] === "\t") indent += 4 - (indent % 4);
    else break;
  }
  return indent;
}
