import { isActive, lanesInOrder, type Tracker } from "@orchard/tracker-core";
import { Command } from "commander";
import { type Answer, define } from "../command.ts";
import { parseCount } from "../options.ts";
import { executeNow } from "./execute.ts";
import { mergeNow } from "./merge.ts";

interface Options {
  readonly agent?: string;
  readonly maxParallel?: number;
}

export function resume(exit: { code: number }): Command {
  const command = new Command("resume")
    .description("Go on where an interrupted or killed orch stopped; agents that still run are adopted.")
    .option("--max-parallel <n>", "how many lanes at the same time", parseCount)
    .option("--agent <name>", "agent for lanes that name none");
  return define(command, exit, {
    example: "orch resume",
    writes: true,
    action: async (surroundings, options: Options): Promise<Answer> => {
      const orchard = await surroundings.orchard();
      const tracker = await orchard.tracker();
      switch (whatWasInterrupted(tracker)) {
        case "execute":
          return executeNow(surroundings, orchard, options);
        case "merge":
          return mergeNow(surroundings, orchard, {});
        case "nothing":
          return {
            data: { resumed: "nothing" },
            text: "There is nothing to resume. Where everything stands: orch status\n",
          };
      }
    },
  });
}

function whatWasInterrupted(tracker: Tracker): "execute" | "merge" | "nothing" {
  const lanes = lanesInOrder(tracker);
  if (lanes.some((lane) => isActive(lane) || lane.state === "retrying")) return "execute";
  const isRunning = tracker.status === "running";
  if (lanes.some((lane) => lane.merge?.state === "intended") || (isRunning && tracker.phase === 4)) return "merge";
  return isRunning && tracker.phase === 3 ? "execute" : "nothing";
}
