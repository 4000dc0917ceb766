import { paint } from "@orchard/terminal";
import type { Orchard } from "@orchard/workflow";
import { createLogUpdate } from "log-update";
import { laneTable } from "./lane-table.ts";

const REDRAW_EVERY = 500;

/** The table of lanes, drawn anew in place twice a second until it ends; lines go above it. */
export function drawLanes(orchard: Orchard, stream: NodeJS.WriteStream): { line(text: string): void; end(): void } {
  const colours = paint(stream);
  const picture = createLogUpdate(stream, { showCursor: true });
  let isDrawn = true;
  const draw = async () => {
    const tracker = await orchard.tracker();
    if (isDrawn) picture(`\n${laneTable(tracker, colours, { now: Date.now(), width: stream.columns ?? 100 })}`);
  };
  const redraw = () => void draw().catch(() => undefined);
  const timer = setInterval(redraw, REDRAW_EVERY);
  timer.unref();
  return {
    line: (text) => {
      picture.clear();
      stream.write(text);
      redraw();
    },
    end: () => {
      isDrawn = false;
      clearInterval(timer);
      picture.clear();
      picture.done();
    },
  };
}
