import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import type { StreamPosition } from "./agent-event.ts";

/** A piece of raw output: whole lines, and up to where the file was read with them. */
export interface RawPiece {
  readonly lines: readonly string[];
  readonly position: StreamPosition;
  /** Bytes that were passed over instead of read. */
  readonly skipped: number;
}

/** How much is read at a time: small, since all of it lives in memory a few times over until it is in the log. */
const PIECE = 128 * 1024;

/** The longest line; the rest of a longer one is passed over. */
const LONGEST_LINE = 1 << 20;

/** A smaller hole in a file is read like anything else. */
const HOLE = 1 << 20;

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

  /** The next whole lines, about a piece of them, perhaps none yet; `undefined` when nothing new is there. */
  read(): RawPiece | undefined {
    const { size, blocks } = fstatSync(this.fd);
    if (size < this.readTo.offset) this.startAnew();
    this.passOver(size, blocks * 512);
    const from = this.readTo;
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
    if (this.readTo === from && skipped === 0) return undefined;
    return { lines, position: this.position, skipped };
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
    const from = this.cutting ? bytes.indexOf(0x0a) + 1 : 0;
    if (this.cutting) this.dropped += from === 0 ? bytes.length : from;
    if (this.cutting && from === 0) return;
    this.cutting = false;
    const end = bytes.lastIndexOf(0x0a);
    if (end >= from) {
      this.hold(bytes.subarray(from, end + 1));
      const whole = this.pendingText().split("\n");
      whole.pop();
      for (const line of whole) lines.push(line);
    }
    this.hold(bytes.subarray(Math.max(from, end + 1)));
    if (this.pendingBytes > LONGEST_LINE) {
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
    const bytes = this.pending.length === 1 ? this.pending[0] : Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    return (bytes?.toString("utf8") ?? "").replaceAll("\0", "").replaceAll("\r\n", "\n");
  }

  /**
   * Jumps over what is not worth reading: the hole in front of a program that does not append (it goes on at its own
   * offset after the file was emptied), and most of what came faster than we can read.
   */
  private passOver(size: number, stored: number): void {
    const backlog = size - this.readTo.offset;
    const hole = backlog - stored;
    if (hole > HOLE && this.isZero()) this.jump(this.readTo.offset + hole - (hole % 4096), false);
    else if (backlog > this.cap * BEHIND) this.jump(size - Math.floor(this.cap / 2), true);
  }

  /** Some file systems store less than there is, so the numbers alone do not prove a hole. */
  private isZero(): boolean {
    const count = readSync(this.fd, this.buffer, 0, this.buffer.length, this.readTo.offset);
    return this.buffer.subarray(0, count).every((byte) => byte === 0);
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
