import { type AgentEvent, readEvents } from "@orchard/agent-runner";
import { type IsoTime, isOrchardError, printableLine } from "@orchard/kernel";

/** What an agent's output says about why it ended: evidence for people, never proof. */
export interface LastWord {
  /** The agent's own word on its end. */
  readonly said?: string;
  /** The last line that it printed to stderr. */
  readonly complaint?: string;
  /** How often in a row its service refused it with 401 or 403, which trying again does not mend, and the last reason. */
  readonly refusals: number;
  readonly refusal?: string;
  /** A usage limit of the account was reached; until when, if the agent told. */
  readonly limit?: { readonly resetsAt?: IsoTime };
  /** Tool calls that its permissions did not allow, and what was said of the last one. */
  readonly denials: number;
  readonly denial?: string;
}

export const NO_WORD: LastWord = { refusals: 0, denials: 0 };

/** Reads the event log of the attempt to its end. A folder that is gone has nothing to say. */
export async function readLastWord(folder: string): Promise<LastWord> {
  let word = NO_WORD;
  try {
    for await (const event of readEvents(folder)) word = heard(word, event);
  } catch (error) {
    if (!isOrchardError(error, "ATTEMPT_MISSING")) throw error;
  }
  return word;
}

/** The word after one more event. */
export function heard(word: LastWord, event: AgentEvent): LastWord {
  switch (event.type) {
    case "toolCall": {
      const { refusal: _, ...working } = { ...word, refusals: 0 };
      return event.state === "denied"
        ? { ...working, denials: word.denials + 1, denial: short(`${event.tool}: ${event.detail}`) }
        : working;
    }
    case "limit":
      if (event.state === "reached") return { ...word, limit: event.resetsAt ? { resetsAt: event.resetsAt } : {} };
      if (event.status !== 401 && event.status !== 403) return word;
      return { ...word, refusals: word.refusals + 1, refusal: `status ${event.status}, ${short(event.reason)}` };
    case "result":
      return event.text === "" ? word : { ...word, said: short(event.text) };
    case "text":
      return event.from === "stderr" ? { ...word, complaint: short(lastLine(event.text)) } : word;
    default:
      return word;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function short(text: string): string {
  return printableLine(text, 300);
}
