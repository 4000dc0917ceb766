import { printable } from "@orchard/kernel";
import { adapters } from "../adapters/adapters.ts";
import { command } from "../adapters/command.ts";
import { attemptFiles } from "../attempt/attempt-files.ts";
import type { AttemptPlan } from "../attempt/attempt-plan.ts";
import type { AgentEvent, RawPosition } from "./agent-event.ts";
import { EventLog } from "./event-log.ts";
import { RawFile, type RawPiece } from "./raw-file.ts";
import { createRedactor, type Redactor, secretsOf } from "./redactor.ts";

/** The event log of an attempt, where people and the monitor read it. */
export function eventLogFile(plan: AttemptPlan): string {
  return plan.logFile ?? attemptFiles(plan.folder).events;
}

/**
 * Makes the redacted event log of an attempt out of its raw output, by offset: it can stop and go on anywhere,
 * also in another process after a crash. One at a time for an attempt.
 */
export class EventDeriver implements Disposable {
  private readonly log: EventLog;
  private readonly sources: readonly Source[];
  private emptiedBytes: number;

  constructor(plan: AttemptPlan) {
    const files = attemptFiles(plan.folder);
    const adapter = adapters.get(plan.adapter ?? "command") ?? command;
    const cap = plan.limits.outputBytes;
    const secrets = [...secretsOf(plan.env), ...(plan.secrets ?? [])];
    this.log = new EventLog(eventLogFile(plan), cap);
    // What an earlier supervisor emptied is known by the number of times; it was a cap each time at least.
    this.emptiedBytes = (this.log.position.raw.generation + this.log.position.rawErrors.generation) * cap;
    const source = (name: keyof RawPosition, path: string, read: Source["read"]): Source => ({
      name,
      file: new RawFile(path, this.log.position[name], cap),
      redact: createRedactor(secrets),
      read,
    });
    this.sources = [
      source("raw", files.raw, (line) => adapter.readEvent(line)),
      source("rawErrors", files.rawErrors, (line) => [{ type: "text", from: "stderr", text: line }]),
    ];
    this.finishEmptying();
  }

  /** Takes the next piece of output in; false when there was none. */
  step(): boolean {
    let found = false;
    for (const source of this.sources) {
      const piece = source.file.read();
      if (piece !== undefined) this.add(source, piece);
      found ||= piece !== undefined;
      if (source.file.isFull) this.empty(source);
    }
    return found;
  }

  /** Takes in all that is left, a last line without an end included, once nobody writes any more. */
  finish(): void {
    while (this.step());
    for (const source of this.sources) {
      const rest = source.file.rest();
      if (rest !== undefined) this.add(source, rest);
    }
  }

  note(event: AgentEvent): void {
    this.log.append(event, this.log.position);
  }

  /** All that the agent printed, what was dropped included, as far as it was read. */
  get outputBytes(): number {
    return this.emptiedBytes + this.sources.reduce((sum, { file }) => sum + file.size, 0);
  }

  [Symbol.dispose](): void {
    for (const source of this.sources) source.file.close();
    this.log.close();
  }

  private add(source: Source, piece: RawPiece): void {
    const position = { ...this.log.position, [source.name]: piece.position };
    const events = joinText(piece.lines.flatMap(source.read)).map((event) => clean(event, source.redact));
    if (piece.skipped > 0) {
      events.push({ type: "dropped", bytes: piece.skipped, reason: "output that came faster than it could be read" });
    }
    // Only the last event of the piece may claim all of it: a crash between two then repeats lines, and loses none.
    events.forEach((event, index) => {
      this.log.append(event, index === events.length - 1 ? position : this.log.position);
    });
  }

  /** The note comes first: who goes on after a crash then knows whether the file still has to be emptied. */
  private empty(source: Source): void {
    const bytes = source.file.position.offset;
    const position = { ...this.log.position, [source.name]: source.file.emptied };
    this.log.append({ type: "emptied", file: source.name, bytes }, position);
    const unread = source.file.empty();
    this.emptiedBytes += bytes + unread;
    if (unread > 0) this.note({ type: "dropped", bytes: unread, reason: "output past its cap" });
  }

  private finishEmptying(): void {
    const { last } = this.log;
    if (last?.type !== "emptied") return;
    const file = this.sources.find((source) => source.name === last.file)?.file;
    if (file === undefined || file.size < last.bytes) return;
    const unread = file.size - last.bytes;
    file.empty();
    if (unread > 0) this.note({ type: "dropped", bytes: unread, reason: "output past its cap" });
  }
}

interface Source {
  readonly name: keyof RawPosition;
  readonly file: RawFile;
  readonly redact: Redactor;
  read(line: string): readonly AgentEvent[];
}

/** Lines of plain text that follow each other become one event of at most 16 KiB. */
function joinText(events: readonly AgentEvent[]): AgentEvent[] {
  const joined: AgentEvent[] = [];
  let text: string[] = [];
  let length = 0;
  let from: "agent" | "stdout" | "stderr" = "stdout";
  const flush = (): void => {
    if (text.length > 0) joined.push({ type: "text", from, text: text.join("\n") });
    text = [];
    length = 0;
  };
  for (const event of events) {
    const isPlain = event.type === "text" && event.from !== "agent";
    if (!isPlain || event.from !== from || length > JOINED) flush();
    if (!isPlain) joined.push(event);
    else {
      from = event.from;
      length += event.text.length;
      text.push(event.text);
    }
  }
  flush();
  return joined;
}

const JOINED = 16 * 1024;
const LONGEST = 64 * 1024;

/** Every text of an event through the one funnel: cut, redacted, printable. */
function clean(event: AgentEvent, redact: Redactor): AgentEvent {
  const safe = (text: string): string => printable(redact(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text));
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      typeof value === "string" && !FIXED.has(key) ? safe(value) : value,
    ]),
  ) as unknown as AgentEvent;
}

/** Words of ours, and times. */
const FIXED = new Set(["type", "from", "state", "file", "resetsAt"]);
