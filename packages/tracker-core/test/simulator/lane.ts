import type { Random } from "@orchard/host/testing";
import { isOrchardError, isSystemError, type Json } from "@orchard/kernel";
import type { FileStore } from "../../src/store/files/file-store.ts";
import type { Ledger, LedgerFact } from "./ledger.ts";
import type { Observations } from "./observations.ts";
import type { Actor, Simulation } from "./simulation.ts";

/** What one worker wants to have recorded; it outlives the processes that it works through. */
export interface Lane {
  readonly name: string;
  readonly wishes: Wish[];
  /** What was acknowledged, to be asked for again now and then. */
  readonly done: Wish[];
  actor: Actor;
}

export interface Wish {
  /** Names it in the journal; no other wish has it. */
  readonly describe: string;
  /** Whether a process that starts anew asks for it again by the same id. */
  readonly hasId: boolean;
  readonly key?: string;
  readonly ballast: number;
  wasAsked: boolean;
  /** Whether some try of it may have been recorded without an answer. */
  inDoubt: boolean;
}

/** What one process may do with the store. */
export interface Hands {
  readonly simulation: Simulation;
  readonly random: Random;
  readonly seen: Observations;
  /** Whether bytes were flipped, so that damage may be met. */
  mayBeDamaged(): boolean;
}

/** Throws what the store throws when it may not go on. */
export async function work(lane: Lane, store: FileStore<Ledger>, hands: Hands): Promise<void> {
  const { random } = hands;
  const [wish] = lane.wishes;
  const again = random.chance(0.15) && lane.done.length > 0 ? random.pick(lane.done) : undefined;
  if (again !== undefined) await ask(lane, again, store, hands);
  else if (random.chance(0.2)) await look(store, hands);
  else if (wish !== undefined) await ask(lane, wish, store, hands);
  if (random.chance(0.1)) await store.refreshViews();
}

export async function look(store: FileStore<Ledger>, { simulation, seen, mayBeDamaged }: Hands): Promise<void> {
  const began = simulation.steps;
  const { state, seq, trouble } = await store.read();
  if (trouble !== undefined) {
    if (!mayBeDamaged()) seen.faults.push(`a read met ${trouble.message}`);
    throw trouble;
  }
  const last = state.entries.at(-1)?.id;
  seen.seen.push({ seq, entries: state.entries.length, last, began, ended: simulation.steps, how: "read" });
}

async function ask(lane: Lane, wish: Wish, store: FileStore<Ledger>, hands: Hands): Promise<void> {
  const { simulation, seen } = hands;
  const isFirst = !wish.wasAsked;
  wish.wasAsked = true;
  const wasInDoubt = wish.inDoubt;
  // From here on a kill leaves it open.
  wish.inDoubt = true;
  const began = simulation.steps;
  const intent = { stream: "ledger", describe: wish.describe, ...(wish.hasId ? { id: wish.describe } : {}) };
  try {
    const { outcome } = await store.transact<Json>(intent, (state) => decide(state, wish));
    seen.acknowledged.push({ id: wish.describe, outcome: Number(outcome), began, ended: simulation.steps, isFirst });
    wish.inDoubt = false;
    finish(lane, wish, true);
  } catch (error) {
    if (isOrchardError(error, "IN_DOUBT")) {
      if (!wish.hasId) finish(lane, wish, false);
      throw error;
    }
    wish.inDoubt = wasInDoubt;
    if (error instanceof Refusal) {
      if (!wasInDoubt) seen.refused.add(wish.describe);
      finish(lane, wish, false);
      return;
    }
    // Nothing was recorded: a wish without an id may not be there, whatever happens later.
    if (!wish.hasId && isKnownFailure(error)) {
      seen.refused.add(wish.describe);
      finish(lane, wish, false);
    }
    throw error;
  }
}

function isKnownFailure(error: unknown): boolean {
  return isOrchardError(error) || isSystemError(error, "EIO", "ENOSPC", "EMFILE", "EACCES");
}

function finish(lane: Lane, wish: Wish, wasDone: boolean): void {
  const at = lane.wishes.indexOf(wish);
  if (at !== -1) lane.wishes.splice(at, 1);
  if (wasDone && wish.hasId && !lane.done.includes(wish)) lane.done.push(wish);
}

class Refusal extends Error {}

function decide({ entries }: Ledger, { key, ballast }: Wish) {
  if (key !== undefined && entries.some((entry) => entry.key === key)) throw new Refusal(key);
  const fact: LedgerFact = {
    type: key === undefined ? "put" : "claimed",
    ...(key === undefined ? {} : { key }),
    ...(ballast === 0 ? {} : { ballast: "x".repeat(ballast) }),
  };
  return { facts: [fact], outcome: entries.length };
}
