import { watch } from "node:fs";
import { dirname } from "node:path";
import { readEnd } from "../attempt/attempt-end.ts";
import { readPlan } from "../attempt/attempt-plan.ts";
import type { LoggedEvent } from "./agent-event.ts";
import { eventLogFile } from "./event-deriver.ts";
import { LogReader } from "./log-reader.ts";

/** Which of an attempt's events a reader wants: all of them, unless told. */
export interface ReadEventsOptions {
  /** Only what comes after the event with this number. */
  readonly after?: number;
}

/** Which events a reader that stays wants, and what ends its reading besides the attempt's end. */
export interface FollowEventsOptions extends ReadEventsOptions {
  readonly signal?: AbortSignal;
}

/** The events of an attempt so far, in order. Memory is one line, however long the log is. */
export async function* readEvents(folder: string, options: ReadEventsOptions = {}): AsyncGenerator<LoggedEvent> {
  using log = new LogReader(eventLogFile(readPlan(folder)), options.after);
  yield* log.read();
}

/**
 * {@link readEvents}, then each event as it comes, until the attempt has ended and all was given, or `signal`
 * aborts. Pushed by the file system, with a slow look behind it in case that misses one.
 */
export async function* followEvents(folder: string, options: FollowEventsOptions = {}): AsyncGenerator<LoggedEvent> {
  const path = eventLogFile(readPlan(folder));
  using bell = new Bell(dirname(path), options.signal);
  using log = new LogReader(path, options.after);
  for (;;) {
    const ended = readEnd(folder) !== undefined;
    yield* log.read();
    if (ended || options.signal?.aborted) return;
    await bell.rings();
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
