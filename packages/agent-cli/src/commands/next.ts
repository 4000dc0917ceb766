import { isOrchardError } from "@orchard/kernel";
import type { Answer } from "../answer.ts";
import { next as reply } from "../answers/next.ts";
import { type Action, reading } from "./action.ts";
import { start } from "./start.ts";

/** Others take tasks at the same time; whoever is told so that often has bad luck and asks again. */
const MOST_TRIES = 20;

/** Names the next task; with `--start` starts it, or the one after it where another agent was faster. */
export const next: Action = async (around, given) => {
  for (let tries = 1; ; tries += 1) {
    const answer = await reading(reply)(around, given);
    const found = (answer.data as { readonly next: { readonly spec: string; readonly task: string } | null }).next;
    if (given.options["start"] !== true || found === null) return answer;
    const started = await tryToStart(around, { ...given, arguments: { task: `${found.spec}/${found.task}` } }, tries);
    if (started !== undefined) return started;
  }
};

/** `undefined`: somebody else has it by now. */
async function tryToStart(...[around, given, tries]: [...Parameters<Action>, number]): Promise<Answer | undefined> {
  try {
    return await start(around, given);
  } catch (error) {
    const isTaken = isOrchardError(error, "TASK_TAKEN") || isOrchardError(error, "TASK_NOT_AVAILABLE");
    if (isTaken && tries < MOST_TRIES) return undefined;
    throw error;
  }
}
