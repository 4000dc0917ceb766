import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { followEvents, readEvents } from "@orchard/agent-runner";
import { printable } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";
import { lastAttempt, presentAttempts, requireLane } from "@orchard/tracker-core";
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
      const attempt = lastAttempt(presentAttempts(lane.attempts));
      if (attempt === undefined) return beforeItsAgent(opened.place.orchestrationDir, lane.id, paint);
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
      const verified = await logsNamed(opened.place.orchestrationDir, lane.id, "verify-");
      const setUp = await logsNamed(opened.place.orchestrationDir, lane.id, "setup.log", "include.log");
      const silent = told ? [] : [`The agent of attempt ${attempt.number} printed nothing.`];
      const also = verified.length === 0 ? [] : [paint.dim(`What verify printed: ${verified.join(", ")}`)];
      const before = setUp.length === 0 ? [] : [paint.dim(`How its worktree was set up: ${setUp.join(", ")}`)];
      return {
        data: { lane: lane.id, attempt: attempt.number, token: attempt.token, events, verified, setUp },
        text: [...silent, ...before, ...also].map((line) => `${line}\n`).join(""),
      };
    },
  });
}

/** What set-up printed, when no agent of the lane ever ran. */
async function beforeItsAgent(folder: string, lane: string, paint: Paint) {
  const setUp = await logsNamed(folder, lane, "setup.log", "include.log");
  const printed = await Promise.all(setUp.map(async (path) => printable(await readFile(path, "utf8")).trimEnd()));
  const shown = setUp.map((path, at) => `${paint.dim(path)}\n${printed[at]}\n`);
  const text = [`Lane ${lane} has not been attempted yet.\n`, ...shown].join("");
  return { data: { lane, events: [], setUp }, text };
}

/** Paths of the lane's logs whose names begin so; the newest run of each. */
async function logsNamed(folder: string, lane: string, ...starts: readonly string[]): Promise<readonly string[]> {
  const logs = join(folder, "logs", lane);
  const names = await readdir(logs).catch(() => []);
  return names
    .filter((name) => starts.some((start) => name.startsWith(start)))
    .sort()
    .map((name) => join(logs, name));
}
