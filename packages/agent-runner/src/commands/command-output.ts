import { createHash } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { printable } from "@orchard/kernel";
import type { Redactor } from "../events/redactor.ts";

const TAIL = 4096;

/** The output of one command: all of it hashed, its beginning in a file, its end in memory. */
export class CommandOutput {
  private readonly hash = createHash("sha256");
  private readonly fd: number;
  private readonly cap: number;
  private readonly redact: Redactor;
  private readonly decoder = new TextDecoder();
  private bytes = 0;
  private written = 0;
  private line = "";
  private tail = "";

  constructor(path: string, cap: number, redact: Redactor) {
    this.cap = cap;
    this.redact = redact;
    rmSync(path, { force: true });
    this.fd = openSync(path, "wx", 0o600);
  }

  add(chunk: Buffer): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    this.line += this.decoder.decode(chunk, { stream: true });
    const end = this.line.length > 1 << 16 ? this.line.length : this.line.lastIndexOf("\n") + 1;
    this.keep(this.line.slice(0, end));
    this.line = this.line.slice(end);
  }

  end(): { readonly bytes: number; readonly digest: string; readonly tail: string } {
    this.keep(this.line);
    closeSync(this.fd);
    return { bytes: this.bytes, digest: this.hash.digest("hex"), tail: this.tail };
  }

  private keep(text: string): void {
    if (text === "") return;
    const safe = printable(this.redact(text));
    this.tail = (this.tail + safe).slice(-TAIL);
    if (this.written > this.cap) return;
    this.written += writeSync(this.fd, safe);
    if (this.written > this.cap) writeSync(this.fd, `\n[output past ${this.cap} bytes is not kept here]\n`);
  }
}
