import { readdir } from "node:fs/promises";
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
      let told = false;
      for await (const event of source) {
        if (json) events.push(event);
        else {
          const line = tell(event);
          if (line === undefined) continue;
          told = true;
          process.stdout.write(`${line}\n`);
        }
      }
      const verified = await verifyLogs(opened.place.orchestrationDir, lane.id);
      const silent = told ? [] : [`The agent of attempt ${attempt.number} printed nothing.`];
      const also = verified.length === 0 ? [] : [paint.dim(`What verify printed: ${verified.join(", ")}`)];
      return {
        data: { lane: lane.id, attempt: attempt.number, token: attempt.token, events, verified },
        text: [...silent, ...also].map((line) => `${line}\n`).join(""),
      };
    },
  });
}

/** Files with the output of the lane's verify commands, newest run of each. */
async function verifyLogs(folder: string, lane: string): Promise<readonly string[]> {
  const logs = join(folder, "logs", lane);
  const names = await readdir(logs).catch(() => []);
  return names.filter((name) => name.startsWith("verify-")).map((name) => join(logs, name));
}
