import type { PrStatus } from "@orchard/tracker-core";
import { changePr, parsePr, syncPrs } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import { badChoice, missingOption } from "../errors.ts";
import { type Given, textOf } from "../shape/command-shape.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Action } from "./action.ts";
import { nameTask } from "./name-task.ts";

const STATUSES = ["pending_review", "approved", "merged", "rejected"] as const satisfies readonly PrStatus[];

/** Says what became of a task's pull request, or asks for all of them. */
export const pr: Action = async (around, given) => {
  if (given.arguments["task"] === "sync") return sync(around);
  const status = statusOf(given);
  const text = textOf(given, "pr");
  const named = text === undefined ? {} : parsePr(text);
  const { desk, name } = await nameTask(around, given);
  await changePr(desk, name, { pr: { ...named, status }, commit: textOf(given, "commit") });
  const number = named.number === undefined ? "" : ` #${named.number}`;
  const said = `The pull request${number} of ${name.task} is ${status.replaceAll("_", " ")}.`;
  const after = status === "rejected" ? ` ${name.task} has to be changed; whoever built on it is told.` : "";
  return { data: { ...name, ...named, pr_status: status }, text: `${said}${after}\n` };
};

function statusOf(given: Given): (typeof STATUSES)[number] {
  const text = textOf(given, "status");
  if (text === undefined) throw missingOption("--status", "say what became of it");
  const found = STATUSES.find((one) => one === text);
  if (found === undefined) throw badChoice("--status", text, STATUSES);
  return found;
}

async function sync(around: Surroundings): Promise<Answer> {
  const { orchard, asker } = await around.desk();
  const changes = await syncPrs(orchard, asker.agent);
  const lines = changes.map(
    ({ task, number, before, after }) =>
      `${task} #${number}: ${before.replaceAll("_", " ")} → ${after.replaceAll("_", " ")}`,
  );
  return { data: { changes }, text: `${lines.length === 0 ? "No pull request changed." : lines.join("\n")}\n` };
}
