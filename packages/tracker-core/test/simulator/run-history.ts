import { type FileCall, type Random, seededRandom } from "@orchard/host/testing";
import { isOrchardError, isSystemError } from "@orchard/kernel";
import { createStore } from "../../src/store/create-file-store.ts";
import { FileStore } from "../../src/store/files/file-store.ts";
import { RULES, type Rules } from "../../src/store/files/rules.ts";
import type { World } from "../../src/store/files/world.ts";
import type { BrokenRule } from "./broken-rules.ts";
import { flipWitnessedByte } from "./flip.ts";
import { type Hands, type Lane, look, type Wish, work } from "./lane.ts";
import { type Ledger, ledger } from "./ledger.ts";
import { brokenPromises, noObservations, type Observations } from "./observations.ts";
import { type Profile, profileOf } from "./profile.ts";
import { SimulatedLocks } from "./simulated-locks.ts";
import { type Actor, type CallFault, Simulation } from "./simulation.ts";
import { VIEW, viewOf, watchView } from "./watched-view.ts";

export interface HistoryResult {
  readonly seed: number;
  /** Promises that were not kept; empty when all were. */
  readonly broken: readonly string[];
  readonly steps: number;
  readonly records: number;
  readonly happened: Readonly<Record<string, number>>;
}

const FOLDER = "/repo/git/orch";
const MOST_STEPS = 40_000;

/** One history: the same seed and the same rules make the same one. */
export async function runHistory(seed: number, broken?: BrokenRule["broken"]): Promise<HistoryResult> {
  return new History(seed, broken).run();
}

class History {
  readonly #seed: number;
  readonly #rules: Rules;
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #simulation: Simulation;
  readonly #locks: SimulatedLocks;
  readonly #seen: Observations = noObservations();
  readonly #lanes: Lane[] = [];
  readonly #happened: Record<string, number> = {};
  readonly #hands: Hands;
  #tokens = 0;
  #listeners = 0;
  #isOver = false;
  #ended = 0;

  constructor(seed: number, broken: BrokenRule["broken"] = () => ({})) {
    this.#seed = seed;
    this.#random = seededRandom(seed);
    this.#profile = profileOf(this.#random);
    this.#simulation = new Simulation(this.#random, {
      runOn: this.#profile.runOn,
      slowSync: this.#profile.slowSync,
      faultOf: (call) => this.#faultOf(call),
    });
    this.#rules = { ...RULES, ...broken(this.#simulation.disk) };
    this.#locks = new SimulatedLocks(this.#simulation);
    this.#hands = {
      simulation: this.#simulation,
      random: this.#random,
      seen: this.#seen,
      mayBeDamaged: () => this.#count("flip") > 0,
    };
  }

  async run(): Promise<HistoryResult> {
    for (let number = 0; number < this.#profile.lanes; number += 1) this.#startLane(number);
    while (this.#ended < this.#lanes.length) {
      if (this.#simulation.steps > MOST_STEPS) return this.#result(["the history never ends"]);
      if (!(await this.#simulation.advance(() => this.#maybeEvent())) && this.#ended < this.#lanes.length)
        this.#continueOne();
      this.#watch();
    }
    return this.#result(await this.#judge());
  }

  #startLane(number: number): void {
    const name = `lane${number}`;
    const wishes = Array.from({ length: this.#profile.intents }, (_, index): Wish => {
      const isClaim = this.#random.chance(0.3);
      return {
        describe: `${name}.${index}`,
        hasId: this.#random.chance(0.7),
        ...(isClaim ? { key: `key${this.#random.below(4)}` } : {}),
        ballast: this.#random.chance(0.1) ? 700 : this.#random.below(60),
        wasAsked: false,
        inDoubt: false,
      };
    });
    const lane = { name, wishes, done: [], actor: this.#simulation.start(name) };
    this.#lanes.push(lane);
    void this.#live(lane);
  }

  /** The processes of a lane, one after the other, until its wishes are met. A killed one never comes back here. */
  async #live(lane: Lane): Promise<void> {
    const { actor } = lane;
    const mine = () => lane.actor === actor;
    while (mine()) {
      const isDone = await this.#process(lane).catch((error: unknown) => this.#survive(error));
      if (isDone === "end") break;
      await this.#simulation.wait(actor, 5);
    }
    this.#ended += 1;
  }

  async #process(lane: Lane): Promise<"end" | "again"> {
    const { actor } = lane;
    const world = this.#worldOf(actor);
    await createStore({ ...world, folder: FOLDER });
    const store = this.#store(world);
    try {
      await store.open();
      if (this.#profile.listens && this.#profile.flips === 0 && this.#random.chance(0.5)) this.#listen(store);
      for (let left = 1 + this.#random.below(4); left > 0 && lane.wishes.length > 0; left -= 1) {
        await work(lane, store, this.#hands);
      }
      await look(store, this.#hands);
    } finally {
      await store.close();
    }
    return lane.wishes.length === 0 ? "end" : "again";
  }

  #listen(store: FileStore<Ledger>): void {
    this.#listeners += 1;
    const listener = this.#listeners;
    store.subscribe((records) => {
      this.#seen.heard.push({
        listener,
        seqs: records.map(({ seq }) => seq),
        ids: records.map(({ stream, describe }) => (stream === "ledger" ? describe : "")),
      });
    });
  }

  /** What a process may meet when calls fail is tried again; what must never happen is noted. */
  #survive(error: unknown): "end" | "again" {
    if (isOrchardError(error, "JOURNAL_DAMAGED") && this.#hands.mayBeDamaged()) return "end";
    const isExpected =
      isSystemError(error, "EIO", "ENOSPC", "EMFILE", "EACCES") ||
      ["IN_DOUBT", "STORE_UNWRITABLE", "SYNC_FAILED", "LOCK_TIMEOUT"].some((code) => isOrchardError(error, code));
    if (isExpected && this.#count("fault") + this.#count("sync fault") > 0) return "again";
    // Who slept long with a random id cannot find out what became of it.
    if (isOrchardError(error, "IN_DOUBT") && this.#profile.limits.randomIds < 10) return "again";
    if (isOrchardError(error, "LOCK_TIMEOUT") || isOrchardError(error, "STORE_BUSY")) return "again";
    this.#seen.faults.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    return "end";
  }

  #maybeEvent(): void {
    const { eventRate, kills, stops, cuts, jumps, flips } = this.#profile;
    if (this.#isOver || this.#simulation.isUnstoppable || !this.#random.chance(eventRate)) return;
    const alive = this.#lanes.filter(({ actor }) => !actor.isDead);
    const lane = this.#random.pick(this.#lanes);
    const event = this.#random.pick(["kill", "stop", "continue", "cut", "jump", "flip"] as const);
    if (event === "kill" && this.#allows("kill", kills) && lane.wishes.length > 0) this.#restart(lane);
    else if (event === "stop" && alive.length > 1 && this.#allows("stop", stops)) lane.actor.isStopped = true;
    else if (event === "continue") lane.actor.isStopped = false;
    else if (event === "cut" && this.#mayCut() && this.#allows("cut", cuts)) {
      this.#simulation.cutPower(this.#lanes.map(({ actor }) => actor));
      for (const each of this.#lanes) this.#restart(each);
    } else if (event === "jump" && this.#allows("jump", jumps)) {
      this.#simulation.wallOffset += this.#random.pick([-3_600_000, 3_600_000, 40_000]);
      if (this.#random.chance(0.5)) this.#simulation.time += 31_000;
    } else if (
      event === "flip" &&
      this.#lanes.every(({ wishes }) => wishes.length > 0) &&
      this.#allows("flip", flips)
    ) {
      this.#flip();
    }
  }

  /** While nobody runs: who had not read the record yet could not tell it from a torn write. */
  #flip(): void {
    if (!flipWitnessedByte(this.#simulation.disk, `${FOLDER}/journal`, this.#random)) {
      this.#happened["flip"] = 0;
      return;
    }
    for (const lane of this.#lanes.filter(({ wishes }) => wishes.length > 0)) this.#restart(lane);
  }

  /** Not after a flip: a cut may take the very line that says what was durable, and two faults at once are one too many. */
  #mayCut(): boolean {
    return this.#count("flip") === 0 && this.#lanes.every(({ wishes }) => wishes.length > 0);
  }

  #restart(lane: Lane): void {
    this.#simulation.kill(lane.actor);
    // What was under way without an id is not asked for again: nobody knows its name.
    for (const wish of [...lane.wishes]) {
      if (wish.inDoubt && !wish.hasId) lane.wishes.splice(lane.wishes.indexOf(wish), 1);
    }
    lane.actor = this.#simulation.start(lane.name);
    void this.#live(lane);
  }

  #continueOne(): void {
    const stopped = this.#lanes.filter(({ actor }) => actor.isStopped);
    if (stopped.length > 0) this.#random.pick(stopped).actor.isStopped = false;
    else this.#simulation.steps += 100;
  }

  #watch(): void {
    if (this.#random.chance(0.05)) watchView(this.#simulation, this.#seen);
  }

  #faultOf(call: FileCall): CallFault | undefined {
    const { faults, syncFaults, faultRate } = this.#profile;
    if (this.#isOver || !this.#random.chance(faultRate)) return undefined;
    if (call.name === "dataSync" || call.name === "sync") {
      return this.#allows("sync fault", syncFaults) ? { kind: "before", code: "EIO" } : undefined;
    }
    if (["close", "syncFolder", "stat"].includes(call.name) || !this.#allows("fault", faults)) return undefined;
    if (call.name === "write") return this.#writeFault(call.bytes?.length ?? 0);
    return { kind: "before", code: this.#random.pick(["EIO", "ENOSPC", "EMFILE", "EACCES"]) };
  }

  #writeFault(length: number): CallFault {
    const { random } = this.#hands;
    const bytes = random.pick([0, 1, random.below(length), length - 1]);
    return random.pick<CallFault>([
      { kind: "before", code: random.pick(["EIO", "ENOSPC"]) },
      { kind: "after", code: "EIO" },
      { kind: "short", bytes },
      { kind: "short", bytes: length - 1 },
    ]);
  }

  #worldOf(actor: Actor): World {
    const simulation = this.#simulation;
    return {
      files: simulation.files(actor),
      locks: this.#locks.of(actor),
      clock: { now: () => simulation.now(), sinceBoot: () => simulation.time },
      token: () => {
        this.#tokens += 1;
        return `t${this.#tokens}`;
      },
      boot: simulation.boot,
      by: `${actor.name}#${actor.pid}`,
      limits: this.#profile.limits,
      rules: this.#rules,
      wait: (milliseconds) => simulation.wait(actor, milliseconds),
      later: (milliseconds, task) => simulation.later(actor, milliseconds, task),
      isDead: ({ startTime }) => startTime === "dead",
    };
  }

  #store(world: World): FileStore<Ledger> {
    return new FileStore(world, { folder: FOLDER, machine: ledger, views: () => [VIEW], keptAside: () => undefined });
  }

  /** A process that starts when all is quiet sees what is left; every promise is held against it. */
  async #judge(): Promise<readonly string[]> {
    this.#isOver = true;
    const wasQuiet = this.#count("fault") + this.#count("sync fault") + this.#count("flip") === 0;
    const view = viewOf(this.#simulation.disk);
    let result: readonly string[] | undefined;
    const actor = this.#simulation.start("judge");
    void this.#readAll(actor, wasQuiet ? view : undefined).then((found) => {
      result = found;
    });
    while (result === undefined) {
      if (!(await this.#simulation.advance()) && result === undefined) return ["the last reader never ends"];
    }
    return result;
  }

  async #readAll(actor: Actor, view: ReturnType<typeof viewOf>): Promise<readonly string[]> {
    const store = this.#store(this.#worldOf(actor));
    try {
      await store.open();
      const { state, trouble } = await store.read();
      if (trouble !== undefined) return this.#hands.mayBeDamaged() ? [] : [trouble.message];
      const stale = view !== undefined && view.entries !== state.entries.length ? ["the view stayed behind"] : [];
      const known = new Map(state.entries.map(({ seq, id }) => [seq, id]));
      for await (const { seq, stream, describe } of store.history()) {
        if (stream === "ledger" && known.get(seq) !== describe) stale.push(`history says ${describe} at ${seq}`);
      }
      await store.close();
      return [...stale, ...brokenPromises(this.#seen, state)];
    } catch (error) {
      if (isOrchardError(error, "JOURNAL_DAMAGED") && this.#hands.mayBeDamaged()) return [];
      return [...this.#seen.faults, error instanceof Error ? error.message : String(error)];
    }
  }

  #result(broken: readonly string[]): HistoryResult {
    const records = this.#seen.acknowledged.length;
    return { seed: this.#seed, broken, steps: this.#simulation.steps, records, happened: this.#happened };
  }

  #count(event: string): number {
    return this.#happened[event] ?? 0;
  }

  #allows(event: string, most: number): boolean {
    if (this.#count(event) >= most) return false;
    this.#happened[event] = this.#count(event) + 1;
    return true;
  }
}
