import { isWaiting, lanesInOrder } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { readProgress } from "./judge-tasks.ts";

/** Files and branches change without a record; so often they are looked at while lanes wait for tasks, in ms. */
const LOOK_EVERY = 1_000;

/**
 * Brings what is known of the specs up to what files and branches say, as long as a lane of spec tasks waits: a person
 * edits the task file, a pull request lands.
 */
export function specLook(orchard: Orchard): () => Promise<void> {
  let next = 0;
  return async () => {
    const waits = lanesInOrder(await orchard.tracker()).some((lane) => {
      return lane.definition.spec !== undefined && isWaiting(lane);
    });
    const now = orchard.ports.clock.sinceBoot();
    if (!waits || now < next) return;
    next = now + LOOK_EVERY;
    await readProgress(orchard);
  };
}
