import { type LaneId, parseLaneId } from "@orchard/kernel";
import { requestRetry, type Tracker } from "@orchard/tracker-core";
import { activeDriver, retryLane } from "@orchard/workflow";
import { Command } from "commander";
import { type Answer, define } from "../command.ts";

export function retry(exit: { code: number }): Command {
  const command = new Command("retry")
    .description("Try a lane again from its kept work, brought onto the newer base.")
    .argument("<lane>", "the lane")
    .option("--dry-run", "only say what would happen")
    .option("--fresh", "set the old work aside (it can be restored) and start from the base");
  return define(command, exit, {
    example: "orch retry docs",
    writes: true,
    action: async (
      { orchard, paint },
      id: string,
      options: { readonly fresh?: boolean; readonly dryRun?: boolean },
    ) => {
      const opened = await orchard();
      const lane = parseLaneId(id);
      if (options.dryRun === true) return plan(await opened.tracker(), lane, options.fresh === true);
      const result = await retryLane(opened, lane, { fresh: options.fresh === true });
      const driven = activeDriver(await opened.tracker()) !== undefined;
      const next = driven ? "the running driver takes it up" : "Next: orch execute";
      const forward = result.broughtForward ? "; its work was brought onto what has landed" : "";
      const text =
        result.outcome === "nothing"
          ? `Lane ${lane} is going to start anyway; ${next}\n`
          : `${paint.cyan(`→ ${lane} is tried again${forward}`)}; ${next}\n`;
      return { data: { lane, ...result, driven }, text };
    },
  });
}

/** Refuses what the command itself would refuse. */
function plan(tracker: Tracker, lane: LaneId, fresh: boolean): Answer {
  const { outcome } = requestRetry(tracker, { lane, fresh, attempts: 1 });
  const how = fresh ? "from the base, its old work set aside" : "from its kept work";
  const text =
    outcome === "nothing" ? `Lane ${lane} is going to start anyway.` : `→ ${lane} would be tried again ${how}`;
  return { data: { lane, fresh, outcome }, text: `${text}\n` };
}
