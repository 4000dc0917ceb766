import { followEvents, readPlan, requestStop } from "@orchard/agent-runner";
import { heard, type LastWord, NO_WORD } from "./last-word.ts";

/** One refusal can be a login that is just being renewed. */
const ENOUGH = 3;

/** Whether its service refuses the agent so that trying on is of no use. */
export function isRefused(word: LastWord): boolean {
  return word.refusals >= ENOUGH;
}

/**
 * Follows what a running agent prints and asks its supervisor to end it once its service keeps refusing it (401,
 * 403): some agents go on trying for minutes. Only a help, so it fails silently: without it the agent ends by itself.
 */
export async function endRefused(folder: string, signal: AbortSignal): Promise<void> {
  try {
    // The output of any other program is plain text, perhaps a flood of it.
    if ((readPlan(folder).adapter ?? "command") === "command") return;
    let word = NO_WORD;
    for await (const event of followEvents(folder, { signal })) {
      word = heard(word, event);
      if (isRefused(word)) return await requestStop(folder, `its service refuses it: ${word.refusal}`);
    }
  } catch {
    // See above.
  }
}
