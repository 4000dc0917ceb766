import type { Json } from "@orchard/kernel";
import {
  type Committed,
  type RepositoryState,
  TRACKER_STREAM,
  type Tracker,
  type TrackerDecision,
} from "@orchard/tracker-core";
import type { Orchard } from "./open-orchard.ts";

/** One transaction on the tracker, with the sentence that `orch log` shows. Returns decide's outcome. */
export async function record<Outcome extends Json>(
  orchard: Orchard,
  describe: string,
  decide: (tracker: Tracker) => TrackerDecision<Outcome>,
  options: { readonly id?: string } = {},
): Promise<Committed<RepositoryState, Outcome>> {
  const intent = { stream: TRACKER_STREAM, describe, ...(options.id === undefined ? {} : { id: options.id }) };
  return orchard.store.transact<Outcome>(intent, (state) => decide(state.tracker));
}
