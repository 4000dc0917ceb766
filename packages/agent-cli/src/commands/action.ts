import type { Answer } from "../answer.ts";
import type { Reply } from "../question.ts";
import type { Given } from "../shape/command-shape.ts";
import type { Surroundings } from "../surroundings.ts";

/** What a command does. */
export type Action = (around: Surroundings, given: Given) => Promise<Answer>;

/** A reading command asks the store here; the quick way asks the views. */
export function reading(reply: Reply): Action {
  return async (around, given) => reply(await around.question(), given);
}
