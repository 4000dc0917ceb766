import { printableLine } from "@orchard/kernel";
import { blockTask, noteTask, reopenTask } from "@orchard/workflow/tasks";
import type { Action } from "./action.ts";
import { nameTask } from "./name-task.ts";
import { checkText, reasonOf, requireReason } from "./reason.ts";

/** Takes a completion, a failure or a cancellation back. */
export const reopen: Action = async (around, given) => {
  const reason = reasonOf(given);
  const { desk, name } = await nameTask(around, given);
  await reopenTask(desk, name, reason);
  return { data: { ...name, reason: reason ?? null }, text: `${name.task} is open again.\n` };
};

/** Keeps the claim while something outside is waited for. */
export const block: Action = async (around, given) => {
  const reason = requireReason(given);
  const { desk, name } = await nameTask(around, given);
  await blockTask(desk, name, reason);
  const text = `${name.task} stays yours and waits for: ${printableLine(reason)}\nWhen it goes on: orbit-agent heartbeat ${name.task}\n`;
  return { data: { ...name, reason }, text };
};

/** Writes something down beside a task. */
export const note: Action = async (around, given) => {
  const text = checkText("The note", given.arguments["text"] ?? "");
  const { desk, name } = await nameTask(around, given);
  await noteTask(desk, name, text);
  return { data: { ...name, note: text }, text: `Noted beside ${name.task}.\n` };
};
