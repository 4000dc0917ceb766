import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import type { StreamPosition } from "./agent-event.ts";

/** A piece of raw output: whole lines, and up to where the file was read with them. */
export interface RawPiece {
  readonly lines: readonly string[];
  readonly position: StreamPosition;
  /** Bytes that were passed over instead of read. */
  readonly skipped: number;
}

/** How much is read at a time; also the longest line, the rest of which is passed over. */
const PIECE = 1 << 20;

/** Whoever writes faster than we read is followed at a distance of this many caps, then we jump. */
const BEHIND = 2;

/**
 * One raw output file, which the agent appends to while we read behind it. Memory is one piece, however much
 * the agent writes; the disk holds a few caps at most.
 */
export class RawFile {
  private readonly fd: number;
  private readonly cap: number;
  private readonly buffer = Buffer.allocUnsafeSlow(64 * 1024);
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private cutting = false;
  private readTo: StreamPosition;
  private dropped = 0;

  constructor(path: string, position: StreamPosition, cap: number) {
    this.fd = openSync(path, "a+", 0o600);
    this.cap = cap;
    this.readTo = position;
  }

  get size(): number {
    return fstatSync(this.fd).size;
  }

  /** The next whole lines, about a piece of them; `undefined` when there is nothing new. */
  read(): RawPiece | undefined {
    const { size, blocks } = fstatSync(this.fd);
    if (size < this.readTo.offset) this.startAnew();
    this.passOver(size, blocks * 512);
    const lines: string[] = [];
    for (let budget = PIECE; budget > 0 && lines.length < 4096; ) {
      const count = readSync(this.fd, this.buffer, 0, this.buffer.length, this.readTo.offset);
      if (count === 0) break;
      this.readTo = { ...this.readTo, offset: this.readTo.offset + count };
      this.take(this.buffer.subarray(0, count), lines);
      budget -= count;
    }
    const skipped = this.dropped;
    this.dropped = 0;
    return lines.length === 0 && skipped === 0 ? undefined : { lines, position: this.position, skipped };
  }

  /** Up to where whole lines were given out. */
  get position(): StreamPosition {
    return { ...this.readTo, offset: Math.max(0, this.readTo.offset - this.pendingBytes) };
  }

  /** What stands behind the last newline, once nobody writes any more. */
  rest(): RawPiece | undefined {
    if (this.pendingBytes === 0) return undefined;
    const lines = [this.pendingText()];
    return { lines, position: this.position, skipped: 0 };
  }

  /** Whether the file is past its cap and read to its end: now it may be emptied. */
  get isFull(): boolean {
    return this.readTo.offset > this.cap && this.size === this.readTo.offset;
  }

  /** The position that {@link empty} leads to; to be kept before, so that a crash between does no harm. */
  get emptied(): StreamPosition {
    return { generation: this.readTo.generation + 1, offset: 0 };
  }

  /**
   * Empties the file; the agent's next append begins at 0. Returns how many bytes went with it that were not
   * read, as far as can be seen: what is written between the look and the cut cannot.
   */
  empty(): number {
    const unread = this.size - this.readTo.offset;
    ftruncateSync(this.fd, 0);
    this.readTo = this.emptied;
    return Math.max(0, unread);
  }

  close(): void {
    closeSync(this.fd);
  }

  private take(bytes: Buffer, lines: string[]): void {
    let from = 0;
    for (let newline = bytes.indexOf(0x0a); newline >= 0; newline = bytes.indexOf(0x0a, from)) {
      if (this.cutting) this.dropped += newline + 1 - from;
      else {
        this.hold(bytes.subarray(from, newline));
        lines.push(this.pendingText());
      }
      this.cutting = false;
      from = newline + 1;
    }
    if (this.cutting) this.dropped += bytes.length - from;
    else this.hold(bytes.subarray(from));
    if (this.pendingBytes > PIECE) {
      lines.push(this.pendingText());
      this.cutting = true;
    }
  }

  private hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.pending.push(Buffer.from(bytes));
    this.pendingBytes += bytes.length;
  }

  /** Empties what is pending. Zero bytes are the holes of a program that writes at its own offset. */
  private pendingText(): string {
    const text = Buffer.concat(this.pending).toString("utf8").replaceAll("\0", "").replace(/\r$/, "");
    this.pending = [];
    this.pendingBytes = 0;
    return text;
  }

  private passOver(size: number, stored: number): void {
    const hole = size - stored - this.readTo.offset;
    const backlog = size - this.readTo.offset;
    if (hole > PIECE) this.jump(this.readTo.offset + hole - (hole % 4096), false);
    else if (backlog > this.cap * BEHIND) this.jump(size - Math.floor(this.cap / 2), true);
  }

  private jump(offset: number, counts: boolean): void {
    if (counts) this.dropped += offset - this.readTo.offset + this.pendingBytes;
    this.pending = [];
    this.pendingBytes = 0;
    this.cutting = counts;
    this.readTo = { ...this.readTo, offset };
  }

  private startAnew(): void {
    this.pending = [];
    this.pendingBytes = 0;
    this.cutting = false;
    this.readTo = this.emptied;
  }
}
