import type { JsonObject } from "@orchard/kernel";

/**
 * A state written as a file for people and scripts. The store puts a field `journal` in front, which tells up to which
 * record it holds, and writes the rest pretty. It is complete and valid whenever somebody looks.
 */
export interface View<State> {
  readonly path: string;
  /** Path of the lock under which it is written (`tracker.lock`). */
  readonly lock: string;
  render(state: State): JsonObject;
}
