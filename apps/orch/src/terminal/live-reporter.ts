import { isLive, paint, safeText } from "@orchard/terminal";
import type { Orchard, Report, WorkEvent } from "@orchard/workflow";
import { eventLine } from "./event-line.ts";

export interface LiveReporter extends Disposable {
  readonly report: Report;
  /** Keeps the table of lanes drawn below the lines, on a terminal. */
  watch(orchard: Orchard): Promise<void>;
}

/** Events as they happen, on stderr: lines everywhere, and on a terminal the lanes below them while watched. */
export function liveReporter(stream: NodeJS.WriteStream = process.stderr): LiveReporter {
  const colours = paint(stream);
  let picture: { line(text: string): void; end(): void } | undefined;
  return {
    report: (event: WorkEvent) => {
      const text = `${safeText(eventLine(event, colours))}\n`;
      if (picture === undefined) stream.write(text);
      else picture.line(text);
    },
    watch: async (orchard) => {
      if (!isLive(stream) || picture !== undefined) return;
      const { drawLanes } = await import("./draw-lanes.ts");
      picture = drawLanes(orchard, stream);
    },
    [Symbol.dispose]: () => {
      picture?.end();
      picture = undefined;
    },
  };
}
