import { join } from "node:path";
import { followEvents, readEvents } from "@orchard/agent-runner";
import { lastAttempt, requireLane } from "@orchard/tracker-core";
import { Command } from "commander";
import { define } from "../command.ts";
import { agentStory } from "../terminal/agent-story.ts";

export function logs(exit: { code: number }): Command {
  const command = new Command("logs")
    .description("Show what a lane's agent said and did, its last attempt.")
    .argument("<lane>", "the lane")
    .option("-f, --follow", "go on until the attempt ends");
  return define(command, exit, {
    example: "orch logs docs -f",
    action: async ({ orchard, json, interruption, paint }, id: string, options: { readonly follow?: boolean }) => {
      const opened = await orchard();
      const lane = requireLane(await opened.tracker(), id);
      const attempt = lastAttempt(lane.attempts);
      if (attempt === undefined)
        return { data: { lane: lane.id, events: [] }, text: `Lane ${lane.id} has not been attempted yet.\n` };
      const folder = join(opened.place.attemptsDir, attempt.token);
      const source =
        options.follow === true ? followEvents(folder, { signal: interruption.signal }) : readEvents(folder);
      const tell = agentStory(paint);
      const events = [];
      for await (const event of source) {
        if (json) events.push(event);
        else {
          const line = tell(event);
          if (line !== undefined) process.stdout.write(`${line}\n`);
        }
      }
      return { data: { lane: lane.id, attempt: attempt.number, token: attempt.token, events }, text: "" };
    },
  });
}
