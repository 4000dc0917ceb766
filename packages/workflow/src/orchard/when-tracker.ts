import type { Tracker } from "@orchard/tracker-core";
import type { Orchard } from "./open-orchard.ts";

/**
 * Waits until `found` finds something in the tracker. It looks at every change as it is committed and, because
 * the world changes without a record too, every `everyMs`. Resolves `undefined` when `signal` aborts.
 */
export async function whenTracker<Found>(
  orchard: Orchard,
  found: (tracker: Tracker) => Found | undefined | Promise<Found | undefined>,
  { signal, everyMs }: { readonly signal: AbortSignal; readonly everyMs: number },
): Promise<Found | undefined> {
  using changes = watchChanges(orchard, signal);
  while (!signal.aborted) {
    const seen = changes.mark();
    const value = await found(await orchard.tracker());
    if (value !== undefined) return value;
    await changes.since(seen, everyMs);
  }
  return undefined;
}

/** Remembers that something changed while nobody was waiting, so that no change is slept through. */
export function watchChanges(orchard: Orchard, signal: AbortSignal) {
  let count = 0;
  let wake: (() => void) | undefined;
  const changed = () => {
    count++;
    wake?.();
  };
  const subscription = orchard.store.subscribe(changed);
  signal.addEventListener("abort", changed);
  return {
    /** Counts as a change: call it when something that the journal does not show has happened. */
    changed,
    mark: () => count,
    /** Resolves at the next change after `mark`, at once when there was one, or after `withinMs`. */
    since: async (mark: number, withinMs: number): Promise<void> => {
      if (count !== mark) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    },
    [Symbol.dispose]: () => {
      subscription.stop();
      signal.removeEventListener("abort", changed);
      wake?.();
    },
  };
}
