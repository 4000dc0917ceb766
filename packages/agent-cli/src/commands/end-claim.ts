import { failTask, releaseTask } from "@orchard/workflow/tasks";
import type { Action } from "./action.ts";
import { nameTask } from "./name-task.ts";
import { reasonOf, requireReason } from "./reason.ts";

/** Gives a task up. */
export const fail: Action = async (around, given) => {
  const reason = requireReason(given);
  const cancelled = given.options["cancel"] === true;
  const { desk, name } = await nameTask(around, given);
  await failTask(desk, name, { reason, cancelled, takeover: given.options["takeover"] === true });
  const status = cancelled ? "cancelled" : "failed";
  const text = `${name.task} is ${status}. Take it back: orbit-agent reopen ${name.task}\n`;
  return { data: { ...name, status, reason }, text };
};

/** Gives a claim back. */
export const release: Action = async (around, given) => {
  const reason = reasonOf(given) ?? "released";
  const { desk, name } = await nameTask(around, given);
  await releaseTask(desk, name, { reason, takeover: given.options["takeover"] === true });
  return { data: { ...name, reason }, text: `${name.task} is free again.\n` };
};
