import type { IsoTime } from "@orchard/kernel";
import type { AttemptOutcome } from "@orchard/tracker-core";
import { describeEnd } from "./await-end.ts";
import type { LastWord } from "./last-word.ts";

/** Why an attempt does not count as done. */
export interface Shortfall {
  readonly cause: string;
  readonly reason: string;
  /** Another attempt would not do better. */
  readonly final?: boolean;
  /** Another attempt would not do better until then. */
  readonly notBefore?: IsoTime;
}

/** The agent did not end as one that is done: why, as far as its end and its own words tell. */
export function unsuccessful(end: AttemptOutcome, word: LastWord): Shortfall {
  if (word.refusal !== undefined) {
    const reason = `the service refused the agent (${word.refusal}); see that it is logged in`;
    return { cause: "agent-refused", reason, final: true };
  }
  const said = end.outcome === "exited" ? (word.said ?? word.complaint) : undefined;
  const reason = `the agent did not succeed: ${describeEnd(end)}${said === undefined ? "" : `: ${said}`}`;
  if (word.limit === undefined) return { cause: "agent-failed", reason };
  const notBefore = word.limit.resetsAt;
  return { cause: "usage-limit", reason, ...(notBefore === undefined ? {} : { notBefore }) };
}

/** The cause of a failure where the lane's worktree is no longer its own. */
export const DAMAGED = "worktree-damaged";

/** Another attempt would work in whatever git finds in that folder, which may be the person's own checkout. */
export function worktreeDamaged(what: string): Shortfall {
  return {
    cause: DAMAGED,
    reason: `${what.replace(/\.$/, "")}; see what can be done: orch doctor`,
    final: true,
  };
}

/** What was not permitted is the likely cause of work that is missing. */
export function withDenials(shortfall: Shortfall, { denials, denial }: LastWord): Shortfall {
  if (denial === undefined) return shortfall;
  const calls = denials === 1 ? "1 tool call was" : `${denials} tool calls were`;
  return { ...shortfall, reason: `${shortfall.reason}; ${calls} not permitted, the last: ${denial}` };
}
