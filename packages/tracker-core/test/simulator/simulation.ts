import type { FileSystem } from "@orchard/host";
import { type FileCall, interceptedFiles, type Random, SimulatedDisk, systemError } from "@orchard/host/testing";

/** One process. Killed, it never goes on; stopped, it goes on later, believing that no time has passed. */
export interface Actor {
  readonly pid: number;
  readonly name: string;
  isDead: boolean;
  isStopped: boolean;
}

interface Pending {
  readonly actor: Actor;
  readonly go: () => void;
  /** Whether it is a sync, which a slow disk lets wait. */
  readonly isSlow: boolean;
  /** Virtual time before which it does not happen. */
  readonly due: number;
}

export interface SimulationOptions {
  /** How likely a process goes on at once after a call, instead of letting another go first. */
  readonly runOn: number;
  /** How likely a sync waits while others can go on. */
  readonly slowSync: number;
  /** The fault that meets this call, if any. */
  readonly faultOf: (call: FileCall) => CallFault | undefined;
}

export type CallFault =
  | { readonly kind: "before" | "after"; readonly code: string }
  | { readonly kind: "short"; readonly bytes: number };

/** Processes as coroutines over one simulated disk: one goes on at a time, and another may go first at any call. */
export class Simulation {
  readonly disk: SimulatedDisk;
  readonly random: Random;
  /** Ms since boot, and what must be added for the wall clock. */
  time = 1000;
  wallOffset = Date.parse("2026-11-21T06:00:00.000Z");
  boot = "boot-1";
  steps = 0;
  readonly #options: SimulationOptions;
  #pending: Pending[] = [];
  #nextPid = 1;
  #current: Actor | undefined;
  /** A process whose sync has failed marks the segment before anything else happens: see the limits in the README. */
  #unstoppable: { readonly actor: Actor; calls: number } | undefined;

  constructor(random: Random, options: SimulationOptions) {
    this.random = random;
    this.#options = options;
    this.disk = new SimulatedDisk(random, () => this.now());
  }

  now(): number {
    return this.time + this.wallOffset;
  }

  start(name: string): Actor {
    const actor: Actor = { pid: this.#nextPid, name, isDead: false, isStopped: false };
    this.#nextPid += 1;
    return actor;
  }

  kill(actor: Actor): void {
    actor.isDead = true;
    this.#pending = this.#pending.filter((pending) => pending.actor !== actor);
    if (this.#unstoppable?.actor === actor) this.#unstoppable = undefined;
  }

  /** Whether just now no process may be stopped, killed or cut off. */
  get isUnstoppable(): boolean {
    return this.#unstoppable !== undefined;
  }

  cutPower(actors: readonly Actor[]): void {
    for (const actor of actors) this.kill(actor);
    this.disk.cutPower();
    this.boot = `boot-${Number(this.boot.slice(5)) + 1}`;
    this.wallOffset += this.time;
    this.time = 100;
  }

  files(actor: Actor): FileSystem {
    return interceptedFiles(this.disk.files(), (call, proceed) =>
      this.#turnOf(actor, 0, () => this.#perform(actor, call, proceed), isSync(call)),
    );
  }

  /** A step that is no call to the file system, but at which another process may go first too. */
  step<T>(actor: Actor, action: () => T): Promise<T> {
    return this.#turnOf(actor, 0, async () => action());
  }

  wait(actor: Actor, milliseconds: number): Promise<void> {
    return this.#turnOf(actor, Math.max(1, milliseconds), async () => undefined);
  }

  later(actor: Actor, milliseconds: number, task: () => void): { cancel(): void } {
    let isCancelled = false;
    void this.#turnOf(actor, Math.max(1, milliseconds), async () => {
      if (!isCancelled) task();
    });
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  }

  /** Lets one process go on to its next call; `false` when none can. */
  async advance(whenAllWait: () => void = () => undefined): Promise<boolean> {
    await new Promise(setImmediate);
    whenAllWait();
    const next = this.#pick();
    if (next === undefined) return false;
    this.steps += 1;
    this.#pending.splice(this.#pending.indexOf(next), 1);
    this.time = Math.max(this.time + this.random.below(2), next.due);
    this.#current = next.actor;
    next.go();
    return true;
  }

  #pick(): Pending | undefined {
    const able = this.#pending.filter(({ actor }) => !actor.isStopped);
    const marking = able.filter(({ actor, due }) => actor === this.#unstoppable?.actor && due <= this.time);
    const ready = marking.length > 0 ? marking : able.filter(({ due }) => due <= this.time);
    if (ready.length > 0) {
      const quick = this.random.chance(this.#options.slowSync) ? ready.filter(({ isSlow }) => !isSlow) : ready;
      return this.random.pick(quick.length > 0 ? quick : ready);
    }
    return able.reduce<Pending | undefined>(
      (first, each) => (first && first.due <= each.due ? first : each),
      undefined,
    );
  }

  #turnOf<T>(actor: Actor, delay: number, action: () => Promise<T>, isSlow = false): Promise<T> {
    if (actor.isDead) return new Promise<T>(() => undefined);
    if (
      delay === 0 &&
      !isSlow &&
      this.#current === actor &&
      !actor.isStopped &&
      this.random.chance(this.#options.runOn)
    ) {
      return action();
    }
    return new Promise((resolve, reject) => {
      const go = () => void action().then(resolve, reject);
      this.#pending.push({ actor, go, isSlow, due: delay === 0 ? 0 : this.time + delay });
    });
  }

  async #perform<T>(actor: Actor, call: FileCall, proceed: (bytes?: Uint8Array) => Promise<T>): Promise<T> {
    if (this.#unstoppable?.actor === actor) {
      this.#unstoppable.calls -= 1;
      if (this.#unstoppable.calls <= 0 || call.name === "close") this.#unstoppable = undefined;
      return proceed();
    }
    const fault = this.#options.faultOf(call);
    if (fault === undefined) return this.#markedAfter(actor, call, proceed);
    if (fault.kind === "short") return proceed(call.bytes?.subarray(0, fault.bytes));
    if (isSync(call)) {
      this.disk.failSync(call.path);
      return this.#markedAfter(actor, call, proceed);
    }
    if (fault.kind === "after") await proceed();
    throw systemError(fault.code, call.name, call.path);
  }

  /** A sync that fails, now or because an earlier one did, is followed by the mark. */
  async #markedAfter<T>(actor: Actor, call: FileCall, proceed: () => Promise<T>): Promise<T> {
    try {
      return await proceed();
    } catch (error) {
      if (isSync(call)) this.#unstoppable = { actor, calls: 3 };
      throw error;
    }
  }
}

function isSync({ name }: FileCall): boolean {
  return name === "dataSync" || name === "sync";
}
