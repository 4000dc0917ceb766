import { isoTime, printable } from "@orchard/kernel";
import {
  type Lane,
  laneTasks,
  presentAttempts,
  type RepositoryState,
  requireLane,
  statusStats,
  trackerView,
} from "@orchard/tracker-core";
import { agentRefusal, type Orchard, whyLane } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { statusPicture } from "../terminal/status-picture.ts";

export function status(exit: { code: number }): Command {
  const command = new Command("status").description("Show every lane, or one.").argument("[lane]", "only this lane");
  return define(command, exit, {
    example: "orch status --json",
    action: async ({ orchard, paint, now, width }, id: string | undefined) => {
      const opened = await orchard();
      const { state } = await opened.folded();
      const { tracker } = state;
      if (id !== undefined) return oneLane(opened, state, requireLane(tracker, id), now);
      await opened.store.refreshViews();
      const data = { data: trackerView(tracker), stats: statusStats(tracker), timestamp: new Date(now).toISOString() };
      return { data, text: statusPicture(tracker, paint, { now, width }) };
    },
  });
}

async function oneLane(orchard: Orchard, state: RepositoryState, lane: Lane, now: number) {
  const { tracker } = state;
  const view = (trackerView(tracker)["lanes"] as Record<string, object>)[lane.id];
  const why = whyLane(state, lane.id, now, await agentRefusal(orchard, lane));
  const { definition, worktree, work } = lane;
  const rows: readonly (readonly [string, string])[] = [
    ["name", definition.name ?? ""],
    ["spec", definition.spec ?? ""],
    ["tasks", tasksOf(state, lane, now).join("\n")],
    ["needs", definition.dependsOn.join(", ")],
    ["priority", `${definition.priority}${definition.parallel ? ", parallel" : ""}`],
    ["worktree", worktree?.path ?? ""],
    ["branch", worktree?.branch ?? ""],
    ["commit", work?.head ?? ""],
    ["changed", [...(work?.changedFiles ?? []), ...(work?.results ?? [])].join("\n")],
    [
      "attempts",
      presentAttempts(lane.attempts)
        .map(
          ({ number, agent, failure }) =>
            `${number} with ${agent}${failure === undefined ? "" : `: ${failure.split("\n")[0]}`}`,
        )
        .join("\n"),
    ],
  ];
  const table = rows
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `  ${name.padEnd(10)}${value.replaceAll("\n", `\n${" ".repeat(12)}`)}`);
  const text = [why.sentence, ...table, ...(why.next === undefined ? [] : [`Next: ${why.next}`])].join("\n");
  return { data: { lane: lane.id, ...view, why: why.sentence, next: why.next ?? null }, text: `${printable(text)}\n` };
}

/** A task of a spec with how it stands. */
function tasksOf({ progress }: RepositoryState, lane: Lane, now: number): readonly string[] {
  if (lane.definition.spec === undefined) return lane.definition.tasks;
  const words = { done: "done", open: "can be started", held: "in progress", waits: "waits", failed: "failed" };
  return laneTasks(progress, lane, isoTime(now)).map(({ task, kind }) => `${task} ${words[kind]}`);
}
