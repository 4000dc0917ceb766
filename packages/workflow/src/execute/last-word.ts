import { isHopeless, readEvents } from "@orchard/agent-runner";
import { type IsoTime, isOrchardError } from "@orchard/kernel";

/** What an agent's output says about why it ended: evidence for people, never proof. */
export interface LastWord {
  /** What the agent said of its end, else the last line that it complained with; one line. */
  readonly said?: string;
  /** How often in a row the service refused it at the end, in a way that trying again does not mend. */
  readonly refusals: number;
  readonly refusal?: string;
  /** A usage limit that was reached, and when it ends, where the agent tells. */
  readonly limit?: { readonly resetsAt?: IsoTime };
  /** Tool calls that its permissions did not allow. */
  readonly denied: readonly string[];
}

/** Reads the event log of an attempt to its end. A folder that is gone has nothing to say. */
export async function readLastWord(folder: string): Promise<LastWord> {
  let word: LastWord = { refusals: 0, denied: [] };
  try {
    for await (const event of readEvents(folder)) word = heard(word, event);
  } catch (error) {
    if (!isOrchardError(error, "ATTEMPT_MISSING")) throw error;
  }
  return word;
}
