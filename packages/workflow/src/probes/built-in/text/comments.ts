import type { Syntax } from "./languages.ts";

/** One line of a comment, without what marks it as one. */
export interface CommentLine {
  readonly line: number;
  readonly text: string;
}

/** The comments of a text, line by line. What stands in quotes is none. Linear. */
export function commentsOf(text: string, syntax: Syntax): readonly CommentLine[] {
  return new CommentReader(text, syntax).read();
}

/** A pattern may begin after one of these, a division may not. */
const BEFORE_PATTERN =
  /(?:^|[([{,;=:!&|?+\-*%~^<>]|\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await))$/;

class CommentReader {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #found: CommentLine[] = [];
  /** Open `${` of back-tick texts: how many braces are open in each. */
  readonly #templates: number[] = [];
  #at = 0;
  #line = 1;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
  }

  read(): readonly CommentLine[] {
    while (this.#at < this.#text.length) {
      if (this.#comment() || this.#quoted()) continue;
      if (this.#syntax.script === true && this.#scripted()) continue;
      this.#skip(1);
    }
    return this.#found;
  }

  #comment(): boolean {
    const block = this.#syntax.block.find(([open]) => this.#text.startsWith(open, this.#at));
    if (block !== undefined) {
      this.#take(block[0].length, this.#endOf(block[1], this.#at + block[0].length));
      this.#skip(block[1].length);
      return true;
    }
    const mark = this.#syntax.line.find((open) => this.#text.startsWith(open, this.#at));
    if (mark === undefined || (mark === "#" && !this.#standsFree())) return false;
    this.#take(mark.length, this.#endOf("\n", this.#at));
    return true;
  }

  /** `#` in `$#` or `a#b` begins no comment. */
  #standsFree(): boolean {
    const before = this.#text[this.#at - 1];
    return before === undefined || /[\s;(){}[\]]/.test(before);
  }

  #take(marks: number, end: number): void {
    const lines = this.#text.slice(this.#at + marks, end).split("\n");
    for (const [index, text] of lines.entries()) this.#found.push({ line: this.#line + index, text });
    this.#line += lines.length - 1;
    this.#at = end;
  }

  #quoted(): boolean {
    const { longQuotes, quotes, rust } = this.#syntax;
    if (rust === true && this.#ofRust()) return true;
    const long = longQuotes.find((quote) => this.#text.startsWith(quote, this.#at));
    if (long !== undefined) {
      this.#skipTo(this.#endOfText(long, this.#at + long.length, { spans: true }));
      return true;
    }
    const quote = this.#text[this.#at] ?? "";
    if (quote === "" || !quotes.includes(quote)) return false;
    this.#skipTo(this.#endOfText(quote, this.#at + 1, { spans: false }));
    return true;
  }

  #ofRust(): boolean {
    const raw = this.#match(/r(#*)"/y);
    if (raw !== undefined && !/\w/.test(this.#text[this.#at - 1] ?? "")) {
      const close = `"${raw[1] ?? ""}`;
      this.#skipTo(this.#endOf(close, this.#at + raw[0].length) + close.length);
      return true;
    }
    const character = this.#match(/'(?:\\.[^']{0,8}|[^\\'\n])'/y);
    if (character !== undefined) this.#skip(character[0].length);
    return character !== undefined;
  }

  #scripted(): boolean {
    const here = this.#text[this.#at];
    if (here === "`") {
      this.#skip(1);
      this.#template();
      return true;
    }
    const open = this.#templates.length - 1;
    if (open >= 0 && here === "{") this.#templates[open]! += 1;
    if (open >= 0 && here === "}") {
      if (this.#templates[open] === 0) {
        this.#templates.pop();
        this.#skip(1);
        this.#template();
        return true;
      }
      this.#templates[open]! -= 1;
    }
    return here === "/" && this.#pattern();
  }

  /** To the end of a back-tick text, or into the code that it holds. */
  #template(): void {
    for (let at = this.#at; at < this.#text.length; at++) {
      const here = this.#text[at];
      if (here === "\\") at++;
      else if (here === "`") {
        this.#skipTo(at + 1);
        return;
      } else if (here === "$" && this.#text[at + 1] === "{") {
        this.#templates.push(0);
        this.#skipTo(at + 2);
        return;
      }
    }
    this.#skipTo(this.#text.length);
  }

  #pattern(): boolean {
    const before = this.#text.slice(Math.max(0, this.#at - 40), this.#at).trimEnd();
    if (!BEFORE_PATTERN.test(before)) return false;
    const found = this.#match(/\/(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+\//y);
    if (found !== undefined) this.#skip(found[0].length);
    return found !== undefined;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? undefined;
  }

  #endOf(mark: string, from: number): number {
    const end = this.#text.indexOf(mark, from);
    return end === -1 ? this.#text.length : end;
  }

  /** Behind the closing quote; a text that may not span lines ends with its line at the latest. */
  #endOfText(quote: string, from: number, { spans }: { readonly spans: boolean }): number {
    const escapes = quote !== "`";
    for (let at = from; at < this.#text.length; at++) {
      const here = this.#text[at];
      if (here === "\\" && escapes) at++;
      else if (here === "\n" && !spans) return at;
      else if (this.#text.startsWith(quote, at)) return at + quote.length;
    }
    return this.#text.length;
  }

  #skip(count: number): void {
    this.#skipTo(this.#at + count);
  }

  #skipTo(end: number): void {
    const last = Math.min(end, this.#text.length);
    for (let at = this.#at; at < last; at++) if (this.#text.charCodeAt(at) === NEWLINE) this.#line++;
    this.#at = last;
  }
}

const NEWLINE = 10;
