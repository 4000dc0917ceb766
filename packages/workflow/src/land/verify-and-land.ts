import {
  abandonLanding,
  type Clash,
  type Dropped,
  isGreen,
  type LandingEvidence,
  type Lane,
  landStep,
  type Receipt,
  type RejectionCause,
  requireHome,
} from "@orchard/tracker-core";
import { landedRef, type Oid, parseRef, type RefName } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { awaitUndo } from "./await-undo.ts";
import { droppedWork } from "./dropped-work.ts";
import { findClash } from "./find-clash.ts";
import { type Judgement, judgeCandidate } from "./judge-candidate.ts";
import { ANOTHER_FIRST, type LandOptions, type LandOutcome, OVERTAKEN, stepped } from "./land-outcome.ts";
import type { Candidate } from "./landing-candidate.ts";
import { takenOutBy } from "./taken-out.ts";
import { verifyCommands } from "./verify-commands.ts";
import { whyNeverLands } from "./why-never-lands.ts";

interface AtLanding {
  readonly head: string;
  readonly landed: Oid;
  readonly candidate: Candidate;
}

/**
 * The gates of a landing, and the landing itself between two facts: nothing where only Orchard writes, no configuration
 * that cannot be read, nothing of others taken back without a word, a verified tree; then the landed ref moves by compare-and-swap.
 */
export async function verifyAndLand(
  driver: Driver,
  lane: Lane,
  at: AtLanding,
  options: LandOptions,
): Promise<LandOutcome> {
  const { landed, head } = at;
  const { commit: candidate, theirs, regenerated } = at.candidate;
  const repository = await driver.orchard.repository();
  const never = await whyNeverLands(repository, candidate, await repository.changedPaths(landed, candidate));
  if (never !== undefined) {
    return refused(driver, lane, at, { cause: never.cause, reason: `it would land ${never.what}` });
  }
  const dropped = await droppedWork(driver, lane, { landed, candidate, theirs });
  if (dropped !== undefined && options.acceptReverts?.includes(lane.id) !== true) {
    return refused(driver, lane, at, { cause: "silent-revert", reason: sayDropped(lane, dropped), dropped });
  }
  const commands = await verifyCommands(driver, lane);
  const judged = await judgeCandidate(driver, lane.id, { landed, candidate, commands }, options);
  if (judged.kind === "interrupted") return judged;
  if (judged.kind === "red") return rejected(driver, lane, at, judged);
  const evidence: LandingEvidence = {
    receipts: judged.receipts.map((receipt) => (isGreen(receipt) ? { ...receipt, tail: "" } : receipt)),
    ...(regenerated.length === 0 ? {} : { regenerated }),
    ...(judged.onRedBase === undefined ? {} : { onRedBase: judged.onRedBase }),
    ...(dropped === undefined ? {} : { reverts: dropped.lanes }),
  };
  return land(driver, lane, { head, from: landed, candidate }, { receipts: judged.receipts, evidence });
}

async function land(
  driver: Driver,
  lane: Lane,
  { head, from, candidate }: { readonly head: string; readonly from: Oid; readonly candidate: Oid },
  { receipts, evidence }: { readonly receipts: readonly Receipt[]; readonly evidence: LandingEvidence },
): Promise<LandOutcome> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const base: RefName = parseRef(requireHome(await orchard.tracker()).base);
  await repository.makeDurable(candidate, from);
  const step = { type: "landing-intended", lane: lane.id, head, from, candidate, evidence } as const;
  // What was verified is on record before the ref moves: whoever finds it moved need not verify it again.
  const green = evidence.onRedBase === undefined;
  const whole = green ? {} : { whole: true };
  const checked = { type: "base-checked", commit: candidate, green, receipts, ...whole } as const;
  const announced = await driver.record(`lane ${lane.id}: landing ${candidate.slice(0, 10)}`, (tracker) => {
    const { facts, outcome } = landStep(tracker, step);
    return { facts: outcome === "recorded" ? [...facts, checked] : facts, outcome };
  });
  if (announced === "overtaken") return OVERTAKEN;
  if (announced === "undoing") {
    await awaitUndo(driver);
    return { kind: "waits", reason: ANOTHER_FIRST };
  }
  if ((await repository.moveRef(landedRef(base), candidate, from, `orch: land ${lane.id}`)) === "stale") {
    await driver.record(`lane ${lane.id}: ${ANOTHER_FIRST}`, (tracker) =>
      abandonLanding(tracker, { lane: lane.id, candidate, reason: ANOTHER_FIRST }),
    );
    return { kind: "waits", reason: ANOTHER_FIRST };
  }
  const verified = green && receipts.length > 0;
  const without = await takenOutBy(orchard, lane);
  await driver.record(`lane ${lane.id} landed as ${candidate.slice(0, 10)}`, (tracker) =>
    landStep(tracker, { type: "lane-landed", lane: lane.id, head, commit: candidate, verified, ...without }),
  );
  const onRedBase = green ? {} : { onRedBase: true as const };
  orchard.ports.report({ type: "lane-landed", lane: lane.id, commit: candidate, verified, ...onRedBase });
  return { kind: "landed", commit: candidate, verified, ...onRedBase };
}

async function rejected(
  driver: Driver,
  lane: Lane,
  at: AtLanding,
  { receipts, red, cause, reason, compared }: Extract<Judgement, { kind: "red" }>,
): Promise<LandOutcome> {
  const why = { cause, receipts, output: red.tail };
  if (compared || cause === "verify-timeout") return refused(driver, lane, at, { ...why, reason });
  const commands = await verifyCommands(driver, lane);
  const until = commands.findIndex((command) => JSON.stringify(command) === JSON.stringify(red.command));
  const { landed, candidate } = at;
  const clash = await findClash(driver, lane, {
    landed,
    theirs: candidate.theirs,
    commands: commands.slice(0, until + 1),
  });
  if (clash === "interrupted") return { kind: "interrupted" };
  if (clash === "alone") return refused(driver, lane, at, { ...why, reason: `${reason}, and without what has landed` });
  if (clash === "unknown") return refused(driver, lane, at, { ...why, reason });
  return refused(driver, lane, at, { ...why, reason: `${reason}: ${sayClash(clash)}`, clash });
}

function sayClash({ lanes, commits }: Clash): string {
  const who = [...lanes.map((id) => `lane "${id}"`), ...commits.map((commit) => `commit ${commit.slice(0, 10)}`)];
  return `each is green alone, red together with ${who.join(" or ")}, which landed since it began`;
}

function sayDropped({ id }: Lane, { lanes, files }: Dropped): string {
  const whose =
    lanes.length === 0 ? "the base branch gained" : `${lanes.map((one) => `lane "${one}"`).join(", ")} landed`;
  const some = `${files.slice(0, SHOWN).join(", ")}${files.length > SHOWN ? ", …" : ""}`;
  return `it would take back what ${whose} since it began, in ${some}; if that is meant: orch merge --accept-revert ${id}`;
}

const SHOWN = 10;

interface Refusal {
  readonly cause: RejectionCause;
  readonly reason: string;
  readonly receipts?: readonly Receipt[];
  readonly output?: string;
  readonly clash?: Clash;
  readonly dropped?: Dropped;
}

async function refused(
  driver: Driver,
  lane: Lane,
  { head, landed: onto }: AtLanding,
  { output = "", receipts = [], ...why }: Refusal,
): Promise<LandOutcome> {
  const step = { type: "lane-rejected", lane: lane.id, head, onto, receipts, ...why } as const;
  if (!(await stepped(driver, `lane ${lane.id} is not landed: ${why.reason}`, step))) return OVERTAKEN;
  driver.orchard.ports.report({ type: "lane-rejected", lane: lane.id, reason: `${why.reason}\n${output}`.trimEnd() });
  return { kind: "rejected", reason: why.reason };
}
