import type { Finding } from "../task-document.ts";
import { splitLines } from "./split-lines.ts";

/** One line of the source, without its line end. */
export interface MaskedLine {
  /** From 1. */
  readonly number: number;
  /** Byte offset of its first character. */
  readonly start: number;
  readonly text: string;
  /** `code`: inside a fence (its first and last line too). `hidden`: front matter. */
  readonly state: "text" | "code" | "hidden";
  /** Spaces before the first character; a tab goes to the next multiple of four. */
  readonly indent: number;
  /** Character code of the first one that is neither space nor tab; 0 where there is none. */
  readonly first: number;
}

export interface MaskedSource {
  readonly lines: readonly MaskedLine[];
  /** Whether some bytes were no UTF-8 (or stood for U+FFFD). */
  readonly hasBadBytes: boolean;
  readonly findings: readonly Finding[];
}

/** Tells code from text; what stands in HTML comments becomes spaces, so that columns stay. */
export function maskLines(bytes: Uint8Array): MaskedSource {
  const mask = new Mask();
  const { whole, texts, starts } = splitLines(bytes);
  const bodyStart = endOfFrontMatter(texts);
  const isAllText = !whole.includes("```") && !whole.includes("~~~") && !whole.includes("<!--");
  const lines: MaskedLine[] = [];
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (i < bodyStart) lines.push(masked(i + 1, starts[i]!, text, "hidden"));
    else lines.push(isAllText ? masked(i + 1, starts[i]!, text, "text") : mask.next(i + 1, starts[i]!, text));
  }
  return { lines, hasBadBytes: whole.includes("\ufffd"), findings: mask.unclosed() };
}

function masked(number: number, start: number, text: string, state: MaskedLine["state"]): MaskedLine {
  let at = 0;
  let indent = 0;
  let first = 0;
  for (; at < text.length; at++) {
    first = text.charCodeAt(at);
    if (first === SPACE) indent++;
    else if (first === TAB) indent += 4 - (indent % 4);
    else break;
  }
  return { number, start, text, state, indent, first: at < text.length ? first : 0 };
}

function endOfFrontMatter(texts: readonly string[]): number {
  if (texts[0]?.trimEnd() !== "---") return 0;
  const end = texts.findIndex((text, i) => i > 0 && FRONT_MATTER_END.has(text.trimEnd()));
  return end === -1 ? 0 : end + 1;
}

const FRONT_MATTER_END: ReadonlySet<string> = new Set(["---", "..."]);

class Mask {
  #fence: { readonly mark: string; readonly length: number; readonly line: number } | undefined;
  #comment: number | undefined;

  next(number: number, start: number, source: string): MaskedLine {
    if (this.#fence !== undefined) {
      if (isClosing(source, this.#fence)) this.#fence = undefined;
      return masked(number, start, source, "code");
    }
    const text = this.#withoutComments(source, number);
    const opening = text.includes("```") || text.includes("~~~") ? OPENING_FENCE.exec(text) : null;
    const isFence = opening !== null && !(opening[1]!.startsWith("`") && text.indexOf("`", opening[0].length) !== -1);
    if (isFence) this.#fence = { mark: opening[1]![0]!, length: opening[1]!.length, line: number };
    return masked(number, start, text, isFence ? "code" : "text");
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

  #withoutComments(text: string, number: number): string {
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

const SPACE = 0x20;
const TAB = 0x09;
