import { next as reply } from "../answers/next.ts";
import { type Action, reading } from "./action.ts";
import { start } from "./start.ts";

/** Names the next task; with `--start` starts it, or says what became of the try. */
export const next: Action = async (around, given) => {
  const answer = await reading(reply)(around, given);
  const found = (answer.data as { readonly next: { readonly spec: string; readonly task: string } | null }).next;
  if (given.options["start"] !== true || found === null) return answer;
  return start(around, { arguments: { task: `${found.spec}/${found.task}` }, options: given.options });
};
