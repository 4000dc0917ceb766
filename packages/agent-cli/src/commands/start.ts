import { sayTime } from "@orchard/tracker-core";
import { type CameAlong, type StartOutcome, startTask } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import { badChoice } from "../errors.ts";
import { sayConflict } from "../say/conflict.ts";
import { textOf } from "../shape/command-shape.ts";
import type { Action } from "./action.ts";
import { nameTask } from "./name-task.ts";

/** Claims a task and brings the code that it depends on into this worktree. */
export const start: Action = async (around, given) => {
  const how = textOf(given, "resolve");
  if (how !== undefined && how !== "hand") throw badChoice("--resolve", how, ["hand"]);
  const { desk, name } = await nameTask(around, given);
  const takeover = given.options["takeover"] === true;
  return said(await startTask(desk, name, { takeover, resolve: how }));
};

function said(outcome: StartOutcome): Answer {
  if (outcome.kind === "conflicted") return sayConflict(outcome);
  const { kind, task, epoch, leaseMs, head, came, tookOver } = outcome;
  const lines = [
    kind === "yours"
      ? `${task} is yours already (claim ${epoch}).`
      : `${task} is started (claim ${epoch}; give a sign of life within ${sayTime(leaseMs)}: orbit-agent heartbeat).`,
    ...(tookOver === undefined ? [] : [`It was taken over from @${tookOver.agent}: ${tookOver.why}.`]),
    ...sayCame(came),
    ...(came.length === 0 ? [] : [`HEAD is now ${head.slice(0, 10)}.`]),
    `When it is done: git commit, then orbit-agent complete ${task}`,
  ];
  return { data: outcome, text: `${lines.join("\n")}\n` };
}

function sayCame(came: readonly CameAlong[]): readonly string[] {
  const said = (one: CameAlong) => `${one.task} by @${one.agent} (${one.commit.slice(0, 10)})`;
  const asked = came.filter(({ along }) => !along).map(said);
  const others = came.filter(({ along }) => along).map(said);
  return [
    ...(asked.length === 0 ? [] : [`Brought in, because it depends on it: ${asked.join(", ")}.`]),
    ...(others.length === 0 ? [] : [`Came along with that: ${others.join(", ")}.`]),
  ];
}
