import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { isoTime } from "@orchard/kernel";
import type { AgentEvent, LoggedEvent, RawPosition } from "./agent-event.ts";

/** Where the older half of a log goes. */
export function olderHalf(logFile: string): string {
  return `${logFile}.1`;
}

/**
 * The event log while it is written: one JSON line an event, appended with one write each. At half of `capBytes`
 * it moves to `<log>.1` and a new one begins, so both together stay below the cap. After a crash it goes on
 * behind its last whole line; what of the raw output that line covers is written in it.
 *
 * A log that cannot be written (disk full) or was removed under us never stops the supervisor: events are lost then,
 * and the first one that can be written again says how many bytes of them.
 */
export class EventLog {
  private readonly path: string;
  private readonly half: number;
  private fd: number;
  private size: number;
  private seq: number;
  private lost = 0;
  private isTorn = false;
  /** Up to where the log covers the raw output. */
  position: RawPosition;
  /** The last event of the log as it was found. */
  readonly last: LoggedEvent | undefined;

  constructor(path: string, capBytes: number) {
    this.path = path;
    this.half = Math.max(64 * 1024, capBytes / 2);
    this.fd = openLog(path);
    this.size = cutTornLine(this.fd);
    this.last = lastEvent(this.fd, this.size) ?? lastEventOf(olderHalf(path));
    this.seq = this.last?.seq ?? 0;
    this.position = this.last?.read ?? BEGINNING;
  }

  append(event: AgentEvent, position: RawPosition): void {
    this.position = position;
    try {
      if (fstatSync(this.fd).nlink === 0) this.reopen();
      if (this.size > this.half) this.rotate();
      this.admitLoss();
      this.write(event);
    } catch {
      this.lost += JSON.stringify(event).length;
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  private rotate(): void {
    const older = statSync(olderHalf(this.path), { throwIfNoEntry: false })?.size ?? 0;
    renameSync(this.path, olderHalf(this.path));
    this.reopen();
    if (older > 0)
      this.write({ type: "dropped", bytes: older, reason: "older events, to keep the log below its size" });
  }

  private reopen(): void {
    const fd = openLog(this.path);
    closeSync(this.fd);
    this.fd = fd;
    this.size = fstatSync(fd).size;
    this.isTorn = false;
  }

  private admitLoss(): void {
    if (this.lost === 0) return;
    this.write({ type: "dropped", bytes: this.lost, reason: "events that could not be written" });
    this.lost = 0;
  }

  private write(event: AgentEvent): void {
    const logged: LoggedEvent = { seq: this.seq + 1, at: isoTime(Date.now()), ...event, read: this.position };
    const line = Buffer.from(`${this.isTorn ? "\n" : ""}${JSON.stringify(logged)}\n`);
    const written = writeSync(this.fd, line);
    this.size += written;
    this.isTorn = written < line.length && (written > 0 || this.isTorn);
    if (written < line.length) throw new Error("The disk took only a part of the line.");
    this.seq += 1;
  }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, "a+", 0o600);
}

const NOWHERE = { generation: 0, offset: 0 };
const BEGINNING: RawPosition = { raw: NOWHERE, rawErrors: NOWHERE };

/** A crash in the middle of a write leaves a line without an end. Returns the size without it. */
function cutTornLine(fd: number): number {
  const { size } = fstatSync(fd);
  for (let end = size; end > 0; end -= TAIL) {
    const from = Math.max(0, end - TAIL);
    const newline = readAt(fd, from, end - from).lastIndexOf(0x0a);
    if (newline < 0) continue;
    const whole = from + newline + 1;
    if (whole < size) ftruncateSync(fd, whole);
    return whole;
  }
  if (size > 0) ftruncateSync(fd, 0);
  return 0;
}

const TAIL = 256 * 1024;

function lastEvent(fd: number, size: number): LoggedEvent | undefined {
  const tail = readAt(fd, Math.max(0, size - TAIL), Math.min(size, TAIL)).toString("utf8");
  const lines = tail.split("\n").filter((line) => line !== "");
  try {
    return lines.length === 0 ? undefined : (JSON.parse(lines.at(-1) ?? "") as LoggedEvent);
  } catch {
    return undefined;
  }
}

function lastEventOf(path: string): LoggedEvent | undefined {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    return lastEvent(fd, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, from));
}
