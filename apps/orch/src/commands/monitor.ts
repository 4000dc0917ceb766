import { isLive, paint } from "@orchard/terminal";
import { statusStats, trackerView } from "@orchard/tracker-core";
import { type Orchard, watchChanges } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { statusPicture } from "../terminal/status-picture.ts";

/** Times that pass are drawn anew so often, ms; a change is drawn as it is committed. */
const REDRAW_EVERY = 1_000;

export function monitor(exit: { code: number }): Command {
  const command = new Command("monitor").description(
    "Show where every lane stands, as it changes, until Ctrl+C; without a terminal, once.",
  );
  return define(command, exit, {
    example: "orch monitor",
    action: async ({ orchard, json, now, interruption }) => {
      const opened = await orchard();
      if (!json && isLive(process.stdout)) await drawUntil(opened, interruption.signal);
      const tracker = await opened.tracker();
      const data = { data: trackerView(tracker), stats: statusStats(tracker), timestamp: new Date(now).toISOString() };
      return { data, text: pictureOf(tracker) };
    },
  });
}

/** The picture in place, over and over; the last one stays when it ends. */
async function drawUntil(orchard: Orchard, signal: AbortSignal): Promise<void> {
  const { createLogUpdate } = await import("log-update");
  const draw = createLogUpdate(process.stdout, { showCursor: true });
  using changes = watchChanges(orchard, signal);
  while (!signal.aborted) {
    const seen = changes.mark();
    draw(pictureOf(await orchard.tracker()));
    await changes.since(seen, REDRAW_EVERY);
  }
  draw.clear();
}

function pictureOf(tracker: Awaited<ReturnType<Orchard["tracker"]>>): string {
  return statusPicture(tracker, paint(process.stdout), { now: Date.now(), width: process.stdout.columns ?? 100 });
}
