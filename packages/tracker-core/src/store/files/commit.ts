import { type IsoTime, isOrchardError, isoTime, type Json } from "@orchard/kernel";
import { inDoubt, storeBusy, storeReplaced } from "../errors.ts";
import { RANDOM_ID } from "../require-good-intent.ts";
import type { Committed, Decision, Folded, Intent } from "../store.ts";
import { appendRecord } from "./append-record.ts";
import type { Draft } from "./draft.ts";
import { giveUpGap } from "./give-up-gap.ts";
import type { Journal } from "./journal.ts";
import type { KnownId } from "./known-ids.ts";
import { recoverSegment } from "./recover-segment.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";
import type { Turn } from "./turn.ts";

export type Decide<State, R extends Json> = (
  state: State,
  now: { readonly at: IsoTime; readonly seq: number },
) => Decision<R>;

/**
 * Fold to the end, decide, append, read back: the first valid record with the next number wins. The winner syncs and is
 * acknowledged; a loser decides anew. No lock guards any of it: a writer that was stopped for an hour between two of these
 * steps is a loser by the number of its record.
 */
export async function commit<State, R extends Json>(
  journal: Journal<State>,
  turn: Turn,
  intent: Intent,
  decide: Decide<State, R>,
): Promise<Committed<State, R>> {
  const id = intent.id ?? `${RANDOM_ID}${journal.world.token()}`;
  const attempt: Attempt<State, R> = {
    journal,
    intent: { ...intent, id },
    decide,
    isOut: false,
    outAfter: 0,
    earlier: undefined,
    at: undefined,
  };
  try {
    return await race(attempt, turn);
  } finally {
    await turn.release();
  }
}

interface Attempt<State, R extends Json> {
  readonly journal: Journal<State>;
  readonly intent: Intent & { readonly id: string };
  readonly decide: Decide<State, R>;
  /** Whether a record of it was appended of which we do not know yet what became. */
  isOut: boolean;
  /** The head after which it was appended. */
  outAfter: number;
  earlier: Decision<R> | undefined;
  /** The time that decide was told; its record carries the same. */
  at: IsoTime | undefined;
}

async function race<State, R extends Json>(attempt: Attempt<State, R>, turn: Turn): Promise<Committed<State, R>> {
  const { world } = attempt.journal;
  const began = world.clock.sinceBoot();
  for (let losses = 0; ; ) {
    await turn.giveWay();
    const answer = await untilItStands(attempt, () => tryOnce(attempt, turn));
    if (answer !== "lost") return answer;
    losses += 1;
    const waited = world.clock.sinceBoot() - began;
    const mayGiveUp = world.rules.mayGiveUp(losses, world.limits.lossesBeforeTurn);
    if (mayGiveUp && waited > world.limits.commitMs) throw storeBusy(attempt.intent.id, Math.round(waited), losses);
    const isBehind = waited >= world.limits.turnAfterMs;
    if (isBehind && world.rules.takesTurn(losses, world.limits.lossesBeforeTurn)) await turn.take();
  }
}

/** Goes on after a failed sync and after our segment was taken away, as often as it happens; finds out what became of us. */
async function untilItStands<State, R extends Json>(
  attempt: Attempt<State, R>,
  step: () => Promise<Committed<State, R> | "lost">,
): Promise<Committed<State, R> | "lost"> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SegmentPoisoned) && !(error instanceof SegmentGone)) throw doubtful(attempt, error);
    try {
      await beginAnew(attempt.journal, error);
    } catch (cause) {
      throw doubtful(attempt, cause);
    }
    return untilItStands(attempt, () => afterBeginningAnew(attempt));
  }
}

async function beginAnew<State>(journal: Journal<State>, signal: SegmentPoisoned | SegmentGone): Promise<void> {
  if (signal instanceof SegmentPoisoned) return recoverSegment(journal);
  try {
    await journal.load();
  } catch (error) {
    if (isOrchardError(error, "STORE_MISSING")) throw storeReplaced(signal.path);
    throw error;
  }
}

/**
 * The same id is found again if our record won. If not, the record is in a file that nobody reads any more, and we try
 * again; a random id may have been forgotten by now, if we slept for long.
 */
async function afterBeginningAnew<State, R extends Json>(
  attempt: Attempt<State, R>,
): Promise<Committed<State, R> | "lost"> {
  const { journal, intent } = attempt;
  await journal.foldToEnd();
  const known = journal.folding.ids.find(intent.id);
  if (known !== undefined) {
    const isOurs = attempt.isOut;
    await journal.settle();
    return { ...folded(journal), outcome: known.outcome as R, recorded: isOurs, repeated: !isOurs };
  }
  const isForgettable = intent.id.startsWith(RANDOM_ID);
  const since = journal.head.seq - attempt.outAfter;
  if (attempt.isOut && isForgettable && since >= journal.world.limits.randomIds) {
    throw new Error("other writers went on for too long meanwhile");
  }
  attempt.isOut = false;
  return "lost";
}

async function tryOnce<State, R extends Json>(
  attempt: Attempt<State, R>,
  turn: Turn,
): Promise<Committed<State, R> | "lost"> {
  const { journal, intent, decide } = attempt;
  const { rules } = journal.world;
  await journal.foldToEnd();
  await requireWritable(journal);
  const known = rules.answersRepeated() ? journal.folding.ids.find(intent.id) : undefined;
  if (known !== undefined) return repeated(journal, known);
  const decision = await decided(attempt, decide);
  if (decision.facts.length === 0) {
    await rules.syncBeforeAnswer(() => journal.settle());
    return { ...folded(journal), outcome: decision.outcome, recorded: false, repeated: false };
  }
  attempt.isOut = true;
  attempt.outAfter = journal.head.seq;
  const outcome = await append(attempt, {
    ...draftOf(intent, decision),
    ...(attempt.at === undefined ? {} : { at: attempt.at }),
  });
  if (outcome === "lost") {
    attempt.isOut = false;
    return "lost";
  }
  // The race is over; the others need not wait for our sync.
  await turn.release();
  const after = folded(journal);
  await journal.settle();
  return { ...after, outcome: decision.outcome, recorded: true, repeated: false };
}

/** Throws what forbids writing; gives up what a power cut left. */
async function requireWritable<State>(journal: Journal<State>): Promise<void> {
  for (;;) {
    const trouble = await journal.confirmTrouble();
    if (trouble !== undefined) throw trouble;
    if (journal.gap === undefined) return;
    await giveUpGap(journal, journal.gap);
    await journal.foldToEnd();
  }
}

async function decided<State, R extends Json>(
  attempt: Attempt<State, R>,
  decide: Decide<State, R>,
): Promise<Decision<R>> {
  const { journal, intent } = attempt;
  const { rules, clock } = journal.world;
  if (attempt.earlier !== undefined && !rules.decidesAnew()) return attempt.earlier;
  try {
    const now = { at: rules.timeOf(isoTime(clock.now()), journal.head.at), seq: journal.head.seq + 1 };
    const decision = decide(journal.state, now);
    attempt.earlier = decision;
    attempt.at = now.at;
    // What cannot be folded must never be recorded: nobody could read past it.
    if (decision.facts.length > 0) journal.folding.rehearse(draftOf(intent, decision), now);
    return decision;
  } catch (refusal) {
    await rules.syncBeforeAnswer(() => journal.settle());
    throw refusal;
  }
}

async function append<State, R extends Json>(attempt: Attempt<State, R>, draft: Draft): Promise<"won" | "lost"> {
  try {
    return await appendRecord(attempt.journal, draft);
  } catch (error) {
    // Nothing of it counts: that much is known.
    if (isOrchardError(error, "STORE_UNWRITABLE")) attempt.isOut = false;
    throw error;
  }
}

function draftOf<R extends Json>(intent: Intent & { readonly id: string }, decision: Decision<R>): Draft {
  return { ...intent, facts: decision.facts, outcome: decision.outcome };
}

async function repeated<State, R extends Json>(journal: Journal<State>, known: KnownId): Promise<Committed<State, R>> {
  await journal.world.rules.syncBeforeAnswer(() => journal.settle());
  return { ...folded(journal), outcome: known.outcome as R, recorded: false, repeated: true };
}

function folded<State>(journal: Journal<State>): Folded<State> {
  return { state: journal.state, seq: journal.head.seq, at: journal.head.at };
}

/** Whatever fails while a record of ours may stand in the journal leaves it in doubt. */
function doubtful<State, R extends Json>(attempt: Attempt<State, R>, error: unknown): unknown {
  if (!attempt.isOut || isOrchardError(error, "IN_DOUBT") || isOrchardError(error, "STORE_REPLACED")) return error;
  return inDoubt(attempt.intent.id, error);
}
