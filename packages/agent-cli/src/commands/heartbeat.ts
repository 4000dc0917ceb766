import { resolveTask, heartbeat as signOfLife } from "@orchard/workflow/tasks";
import type { Action } from "./action.ts";

/** Shows that the asker is at work: on one task, or on all that it holds in this worktree. */
export const heartbeat: Action = async (around, given) => {
  const desk = await around.desk();
  const text = given.arguments["task"];
  const { progress } = (await desk.orchard.folded()).state;
  const name = text === undefined ? undefined : resolveTask(progress, text, around.environment);
  const renewed = await signOfLife(desk, name);
  const tasks = renewed.map(({ task }) => task).join(", ");
  return {
    data: { renewed },
    text: tasks === "" ? "You hold no task in this worktree.\n" : `Sign of life given for ${tasks}.\n`,
  };
};
