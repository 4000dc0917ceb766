import { lanesInOrder, type Tracker } from "@orchard/tracker-core";

/**
 * The commands that go on with work which nobody drives any more. Lanes that were stopped since the phase began are
 * named: they are not tried again by themselves.
 */
export function howToGoOn(tracker: Tracker): string {
  const { phaseSince = "" } = tracker;
  const stopped = lanesInOrder(tracker).filter(
    ({ state, stateChangedAt }) => state === "stopped" && stateChangedAt >= phaseSince,
  );
  return [...stopped.map(({ id }) => `orch retry ${id}`), "orch resume"].join(", then ");
}
