import { parseLaneId } from "@orchard/kernel";
import { stopLanes } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";

export function stop(exit: { code: number }): Command {
  const command = new Command("stop")
    .description("End the agent of one lane, or of all, with its whole process tree; the work stays.")
    .argument("[lane]", "only this lane")
    .option("--reason <text>", "why, for the record", "stopped by hand");
  return define(command, exit, {
    example: "orch stop docs",
    writes: true,
    action: async ({ orchard, paint }, id: string | undefined, options: { readonly reason: string }) => {
      const opened = await orchard();
      const result = await stopLanes(opened, id === undefined ? undefined : parseLaneId(id), options.reason);
      const lines = [
        ...result.stopped.map((lane) => paint.yellow(`⊗ ${lane} stopped; its work is kept. Go on: orch retry ${lane}`)),
        ...result.ending.map((lane) => `→ ${lane} was asked to stop and is still ending; look again: orch status`),
        ...result.idle.map((lane) => `○ ${lane}: nothing to stop`),
      ];
      const exitCode = result.ending.length > 0 ? 4 : 0;
      return { exitCode, data: result, text: `${lines.length === 0 ? "Nothing is running." : lines.join("\n")}\n` };
    },
  });
}
