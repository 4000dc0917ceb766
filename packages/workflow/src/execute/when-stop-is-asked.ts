import { type Lane, requireLane } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import { whenTracker } from "../orchard/when-tracker.ts";

/** Aborts when somebody asks the lane to stop, or moved it on, so that a long command of it ends with it. */
export function whenStopIsAsked(driver: Driver, lane: Lane): { readonly signal: AbortSignal } & Disposable {
  const asked = new AbortController();
  const over = new AbortController();
  const look = { signal: AbortSignal.any([driver.interrupted, over.signal]), everyMs: 5_000 };
  void whenTracker(driver.orchard, (tracker) => isOver(requireLane(tracker, lane.id), lane), look)
    .then((found) => found === true && asked.abort())
    .catch(() => undefined);
  return { signal: asked.signal, [Symbol.dispose]: () => over.abort() };
}

function isOver({ state, stopRequested }: Lane, before: Lane): true | undefined {
  return stopRequested !== undefined || state !== before.state ? true : undefined;
}
