import type { HeldLock, LockHolder, Locks } from "@orchard/host";
import { isoTime, OrchardError } from "@orchard/kernel";
import type { Actor, Simulation } from "./simulation.ts";

interface Held {
  readonly actor: Actor;
  readonly since: number;
}

/**
 * Locks as bad as locks may be: a dead holder's stays for 30 s unless somebody waits for it, a stopped holder's is taken
 * over after that, and the old holder believes that it still has it.
 */
export class SimulatedLocks {
  readonly #held = new Map<string, Held>();
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  of(actor: Actor): Locks {
    const simulation = this.#simulation;
    const tryTake = (path: string, breaksDead: boolean) =>
      simulation.step(actor, () => {
        const held = this.#held.get(path);
        const isOld = held !== undefined && (simulation.time - held.since > 30_000 || held.since > simulation.time);
        const isFree = held === undefined || isOld || (breaksDead && held.actor.isDead);
        return isFree ? this.#take(path, actor) : undefined;
      });
    return {
      tryTake: (path) => tryTake(path, false),
      take: async (path) => {
        for (let waited = 0; waited < 5000; waited += 50) {
          const held = await tryTake(path, true);
          if (held !== undefined) return held;
          await simulation.wait(actor, 50);
        }
        throw new OrchardError({ code: "LOCK_TIMEOUT", kind: "lock", message: `The lock ${path} was not free.` });
      },
      holder: (path) => simulation.step(actor, () => holderOf(this.#held.get(path))),
    };
  }

  #take(path: string, actor: Actor): HeldLock {
    const own: Held = { actor, since: this.#simulation.time };
    this.#held.set(path, own);
    const release = async () => {
      await this.#simulation.step(actor, () => {
        if (this.#held.get(path) === own) this.#held.delete(path);
      });
    };
    return { path, isHeld: () => this.#held.get(path) === own, release, [Symbol.asyncDispose]: release };
  }
}

function holderOf(held: Held | undefined): LockHolder | undefined {
  if (held === undefined) return undefined;
  const { pid, isDead } = held.actor;
  const identity = { host: "simulated", pidNamespace: "", pid, startTime: isDead ? "dead" : "alive", bootId: "" };
  return { identity, command: "simulated", since: isoTime(held.since) };
}
