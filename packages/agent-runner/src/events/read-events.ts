import { closeSync, fstatSync, openSync, readSync, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import { readEnd } from "../attempt/attempt-end.ts";
import { readPlan } from "../attempt/attempt-plan.ts";
import type { LoggedEvent } from "./agent-event.ts";
import { eventLogFile } from "./event-deriver.ts";
import { olderHalf } from "./event-log.ts";

export interface ReadEventsOptions {
  /** Only what comes after the event with this number. */
  readonly after?: number;
}

export interface FollowEventsOptions extends ReadEventsOptions {
  readonly signal?: AbortSignal;
}

/** The events of an attempt so far, in order. Memory is one line, however long the log is. */
export async function* readEvents(folder: string, options: ReadEventsOptions = {}): AsyncGenerator<LoggedEvent> {
  const path = eventLogFile(readPlan(folder));
  let seq = options.after ?? 0;
  for (const part of [olderHalf(path), path]) {
    using lines = new LogLines(part);
    for (const event of lines.read()) {
      if (event.seq <= seq) continue;
      seq = event.seq;
      yield event;
    }
  }
}

/**
 * {@link readEvents}, then each event as it comes, until the attempt has ended and all was given, or `signal`
 * aborts. Pushed by the file system, with a slow look behind it in case that misses one.
 */
export async function* followEvents(folder: string, options: FollowEventsOptions = {}): AsyncGenerator<LoggedEvent> {
  const path = eventLogFile(readPlan(folder));
  using bell = new Bell(dirname(path), options.signal);
  let seq = options.after ?? 0;
  let lines = new LogLines(olderHalf(path));
  let isOlder = true;
  try {
    for (;;) {
      const ended = readEnd(folder) !== undefined;
      for (const event of lines.read()) {
        if (event.seq <= seq) continue;
        seq = event.seq;
        yield event;
      }
      if (options.signal?.aborted) return;
      if (isOlder || lines.isReplaced(path)) {
        // What was appended between the last read and the rename is still to be had from the open file.
        if (!isOlder) yield* unread(lines, seq, (last) => (seq = last));
        lines[Symbol.dispose]();
        lines = new LogLines(path);
        isOlder = false;
      } else if (ended) return;
      else await bell.rings();
    }
  } finally {
    lines[Symbol.dispose]();
  }
}

function* unread(lines: LogLines, after: number, seen: (seq: number) => void): Generator<LoggedEvent> {
  for (const event of lines.read()) {
    if (event.seq <= after) continue;
    seen(event.seq);
    yield event;
  }
}

/** The whole lines of one log file, as far as it goes; asked again, what was added. A missing file has none yet. */
class LogLines implements Disposable {
  private readonly path: string;
  private fd: number | undefined;
  private offset = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  *read(): Generator<LoggedEvent> {
    this.fd ??= openIfThere(this.path);
    if (this.fd === undefined) return;
    const piece = Buffer.allocUnsafe(64 * 1024);
    for (;;) {
      const count = readSync(this.fd, piece, 0, piece.length, this.offset);
      if (count === 0) return;
      this.offset += count;
      this.rest = Buffer.concat([this.rest, piece.subarray(0, count)]);
      let from = 0;
      for (let end = this.rest.indexOf(0x0a); end >= 0; end = this.rest.indexOf(0x0a, from)) {
        const event = parse(this.rest.toString("utf8", from, end));
        from = end + 1;
        if (event !== undefined) yield event;
      }
      this.rest = Buffer.from(this.rest.subarray(from));
    }
  }

  isReplaced(path: string): boolean {
    if (this.fd === undefined) return false;
    const now = statSync(path, { throwIfNoEntry: false });
    return now !== undefined && now.ino !== fstatSync(this.fd).ino;
  }

  [Symbol.dispose](): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
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

/** Rings when something changes in the folder, when `signal` aborts, and at least once a second. */
class Bell implements Disposable {
  private readonly stops: (() => void)[] = [];
  private ring: () => void = () => undefined;
  private rang = false;

  constructor(folder: string, signal: AbortSignal | undefined) {
    const ring = (): void => {
      this.rang = true;
      this.ring();
    };
    this.stops.push(watching(folder, ring));
    signal?.addEventListener("abort", ring);
    this.stops.push(() => signal?.removeEventListener("abort", ring));
  }

  async rings(): Promise<void> {
    if (!this.rang) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.ring = resolve;
      const timer = setTimeout(resolve, 1000);
      await promise;
      clearTimeout(timer);
    }
    this.rang = false;
  }

  [Symbol.dispose](): void {
    for (const stop of this.stops) stop();
  }
}

function watching(folder: string, ring: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, ring);
    watcher.on("error", () => undefined);
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
