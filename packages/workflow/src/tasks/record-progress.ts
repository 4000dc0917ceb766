import { bootId } from "@orchard/host";
import { type Clock, isoTime, type Json } from "@orchard/kernel";
import {
  type Committed,
  type Instant,
  type Progress,
  type ProgressDecision,
  type RepositoryState,
  SPEC_STREAM,
} from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";

/** One transaction on the tasks, with the sentence that `orch log` shows. `id` names the same thing however often it is tried. */
export async function recordProgress<Outcome extends Json>(
  orchard: Orchard,
  describe: string,
  decide: (progress: Progress, now: Instant) => ProgressDecision<Outcome>,
  options: { readonly id?: string } = {},
): Promise<Committed<RepositoryState, Outcome>> {
  const intent = { stream: SPEC_STREAM, describe, ...options };
  return orchard.store.transact<Outcome>(intent, ({ progress }, { at }) =>
    decide(progress, { ...instantOf(orchard.ports.clock), at }),
  );
}

/** Now, by every clock of the machine. */
export function instantOf(clock: Clock): Instant {
  return { at: isoTime(clock.now()), sinceBoot: clock.sinceBoot(), boot: bootId(), awake: clock.awake?.() };
}
