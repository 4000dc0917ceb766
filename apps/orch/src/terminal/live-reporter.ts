import type { Orchard, Report, WorkEvent } from "@orchard/workflow";
import { createLogUpdate } from "log-update";
import { eventLine } from "./event-line.ts";
import { laneTable } from "./lane-table.ts";
import { isLive, paint } from "./paint.ts";

export interface LiveReporter extends Disposable {
  readonly report: Report;
  /** Starts drawing the lanes of this repository below the lines. */
  watch(orchard: Orchard): void;
}

const REDRAW_EVERY = 500;

/** Events as they happen, on stderr: lines everywhere, and on a terminal the table of lanes kept below them. */
export function liveReporter(stream: NodeJS.WriteStream = process.stderr): LiveReporter {
  const colours = paint(stream);
  if (!isLive(stream)) {
    const report = (event: WorkEvent) => void stream.write(`${eventLine(event, colours)}\n`);
    return { report, watch: () => undefined, [Symbol.dispose]: () => undefined };
  }
  const picture = createLogUpdate(stream, { showCursor: true });
  let draw: (() => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    report: (event) => {
      picture.clear();
      stream.write(`${eventLine(event, colours)}\n`);
      void draw?.();
    },
    watch: (orchard) => {
      draw = async () => {
        const tracker = await orchard.tracker();
        if (timer === undefined) return;
        picture(`\n${laneTable(tracker, colours, { now: Date.now(), width: stream.columns ?? 100 })}`);
      };
      timer = setInterval(() => void draw?.().catch(() => undefined), REDRAW_EVERY);
      timer.unref();
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      timer = undefined;
      draw = undefined;
      picture.clear();
      picture.done();
    },
  };
}
