import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { LoggedEvent } from "./agent-event.ts";
import { olderHalf } from "./event-log.ts";

/**
 * Reads an event log while it is written, across its moving aside: each event once, in order, and all that is kept.
 * Memory is one line, however long the log is. A log that does not exist has no events yet.
 */
export class LogReader implements Disposable {
  private readonly path: string;
  private seq: number;
  private current: LogFile | undefined;
  private coming: LogFile[] = [];

  /** Only what comes after the event with number `after` is given out. */
  constructor(path: string, after = 0) {
    this.path = path;
    this.seq = after;
  }

  /** What came since the last call, up to the end as it is when that is reached. */
  *read(): Generator<LoggedEvent> {
    do {
      if (this.current !== undefined) yield* this.news(this.current);
    } while (this.goOn());
  }

  [Symbol.dispose](): void {
    for (const file of [this.current, ...this.coming]) file?.close();
    this.current = undefined;
    this.coming = [];
  }

  private *news(file: LogFile): Generator<LoggedEvent> {
    for (const event of file.read()) {
      if (event.seq <= this.seq) continue;
      this.seq = event.seq;
      yield event;
    }
  }

  /** False at the end of all. */
  private goOn(): boolean {
    if (this.coming.length === 0) {
      this.coming = this.open();
      // What was appended between the last read and the rename is still to be had from the open file.
      if (this.current !== undefined) return this.coming.length > 0;
    }
    const next = this.coming.shift();
    if (next === undefined) return false;
    this.current?.close();
    this.current = next;
    return true;
  }

  /**
   * The files behind the current one, in order; none while that is still written. The newer one is opened first: when
   * the log moves aside in between, the older name leads to the same file, and nothing lies between the two.
   */
  private open(): LogFile[] {
    const newer = LogFile.find(this.path);
    if (newer !== undefined && newer.inode === this.current?.inode) {
      newer.close();
      return [];
    }
    const older = LogFile.find(olderHalf(this.path));
    if (older === undefined || (older.inode !== this.current?.inode && older.inode !== newer?.inode)) {
      return [older, newer].filter((file) => file !== undefined);
    }
    older.close();
    return newer === undefined ? [] : [newer];
  }
}

/** The whole lines of one log file, as far as it goes; asked again, what was added. */
class LogFile {
  readonly inode: number;
  private readonly fd: number;
  /** Behind the last whole line: what a crash left of another is cut off again, by the next who writes. */
  private offset = 0;

  private constructor(fd: number) {
    this.fd = fd;
    this.inode = fstatSync(fd).ino;
  }

  static find(path: string): LogFile | undefined {
    try {
      return new LogFile(openSync(path, "r"));
    } catch {
      return undefined;
    }
  }

  *read(): Generator<LoggedEvent> {
    const piece = Buffer.allocUnsafe(64 * 1024);
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const count = readSync(this.fd, piece, 0, piece.length, this.offset + rest.length);
      if (count === 0) return;
      rest = Buffer.concat([rest, piece.subarray(0, count)]);
      let from = 0;
      for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, from)) {
        const event = parse(rest.toString("utf8", from, end));
        this.offset += end + 1 - from;
        from = end + 1;
        if (event !== undefined) yield event;
      }
      rest = Buffer.from(rest.subarray(from));
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** A line that a crash or a hand damaged is passed over; the numbers show the gap. */
function parse(line: string): LoggedEvent | undefined {
  try {
    const event = JSON.parse(line) as Partial<LoggedEvent> | null;
    return typeof event?.seq === "number" && typeof event.type === "string" ? (event as LoggedEvent) : undefined;
  } catch {
    return undefined;
  }
}
