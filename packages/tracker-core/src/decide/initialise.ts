import type { Tracker } from "../domain/tracker.ts";
import { alreadyElsewhere } from "../errors.ts";
import type { TrackerDecision } from "./decision.ts";

/** Where a tracker is to be set up (absolute paths), on which base, and the sha256 of the accepted configuration. */
export interface InitialiseIntent {
  readonly mainRepo: string;
  readonly worktreesDir: string;
  /** Full ref name. */
  readonly base: string;
  readonly configHash: string;
}

/** Sets the tracker up once; a second time changes nothing. Throws `ALREADY_INITIALISED` for another place. */
export function initialise(tracker: Tracker, intent: InitialiseIntent): TrackerDecision<"initialised" | "unchanged"> {
  if (tracker.home === undefined)
    return { facts: [{ type: "tracker-initialized", ...intent }], outcome: "initialised" };
  if (tracker.home.mainRepo !== intent.mainRepo) throw alreadyElsewhere(tracker.home.mainRepo);
  return { facts: [], outcome: "unchanged" };
}
