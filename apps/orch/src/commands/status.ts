import { printable } from "@orchard/kernel";
import { requireLane, statusStats, trackerView } from "@orchard/tracker-core";
import { whyLane } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { statusPicture } from "../terminal/status-picture.ts";

export function status(exit: { code: number }): Command {
  const command = new Command("status").description("Show every lane, or one.").argument("[lane]", "only this lane");
  return define(command, exit, {
    example: "orch status --json",
    action: async ({ orchard, paint, now, width }, id: string | undefined) => {
      const opened = await orchard();
      const folded = await opened.folded();
      const { tracker } = folded.state;
      if (id !== undefined) return oneLane(tracker, requireLane(tracker, id).id, now);
      await opened.store.refreshViews();
      const data = { data: trackerView(tracker), stats: statusStats(tracker), timestamp: new Date(now).toISOString() };
      const trouble =
        folded.trouble === undefined
          ? ""
          : `${paint.red(`error[${folded.trouble.code}]`)}: ${folded.trouble.message}\n`;
      return { data, text: `${trouble}${statusPicture(tracker, paint, { now, width })}` };
    },
  });
}

function oneLane(tracker: Parameters<typeof trackerView>[0], id: string, now: number) {
  const view = (trackerView(tracker)["lanes"] as Record<string, unknown>)[id];
  const why = whyLane(tracker, id, now);
  const text = `${printable(why.sentence)}${why.next === undefined ? "" : `\nNext: ${why.next}`}\n\n${printable(JSON.stringify(view, null, 2))}\n`;
  return { data: { lane: id, ...(view as object), why: why.sentence, next: why.next ?? null }, text };
}
