import { isOrchardError } from "@orchard/kernel";
import fc from "fast-check";
import {
  changePr,
  claimTask,
  completeTask,
  evolveProgress,
  failTask,
  type Progress,
  releaseTask,
  renewClaim,
  reopenTask,
  type SpecFact,
  waitWithClaim,
} from "../../src/index.ts";
import { asksFor, defined, instant, place, recordOf, SPEC, task } from "../task-builders.ts";

/** Something that an agent wants, decided on the progress as it stands then. */
export interface Wish {
  readonly verb: string;
  readonly id: string;
  /** Whether the asker shows the proof of the claim on record, or an earlier one. */
  readonly isStale: boolean;
  readonly agent: number;
}

const TASKS = [
  task("T1"),
  task("T2"),
  task("T3", { dependsOn: ["T1", "T2"], layer: 2 }),
  task("T4", { dependsOn: ["T3", "T9"], layer: 2 }),
  task("T5", { dependsOn: ["T1"], layer: 3, agent: "claude" }),
  task("T6", { layer: 3, ticked: true }),
];

const VERBS = [
  "claim",
  "claim",
  "take over",
  "complete",
  "complete",
  "fail",
  "cancel",
  "release",
  "heartbeat",
  "block",
  "reopen",
  "reject",
  "approve",
  "merge",
  "lose",
  "find",
];

export const randomWishes = fc.record({
  rules: fc.record({
    layers: fc.constantFrom("soft" as const, "hard" as const),
    completeOn: fc.constantFrom("work" as const, "merge" as const),
  }),
  wishes: fc.array(
    fc.record<Wish>({
      verb: fc.constantFrom(...VERBS),
      id: fc.constantFrom(...TASKS.map(({ id }) => id), "T9"),
      isStale: fc.boolean(),
      agent: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 60 },
  ),
});

/** Lives through the wishes; every decision is shown, with what was before and is after it. */
export function liveThrough(
  { rules, wishes }: typeof randomWishes extends fc.Arbitrary<infer Life> ? Life : never,
  seen: (step: {
    readonly wish: Wish;
    readonly before: Progress;
    readonly facts: readonly SpecFact[];
    readonly code?: string;
    readonly after: Progress;
  }) => void,
): Progress {
  let progress = evolveProgress(
    { updatedAt: instant(0).at, specs: {}, worktrees: {}, tips: {} },
    defined(TASKS, { rules }),
    instant(0).at,
  );
  wishes.forEach((wish, second) => {
    const { facts, code } = decided(progress, wish, second + 1);
    const after = facts.reduce((state, fact) => evolveProgress(state, fact, instant(second + 1).at), progress);
    seen({ wish, before: progress, facts, after, ...(code === undefined ? {} : { code }) });
    progress = after;
  });
  return progress;
}

function decided(
  progress: Progress,
  wish: Wish,
  second: number,
): { readonly facts: readonly SpecFact[]; readonly code?: string } {
  try {
    return { facts: decide(progress, wish, second) };
  } catch (error) {
    if (isOrchardError(error) && error.kind !== "internal") return { facts: [], code: error.code };
    throw error;
  }
}

function decide(progress: Progress, { verb, id, isStale, agent }: Wish, second: number): readonly SpecFact[] {
  const claim = recordOf(progress, id)?.claim;
  const now = instant(second);
  const name = { spec: SPEC, task: id };
  const proof = { epoch: (claim?.epoch ?? 1) - (isStale ? 1 : 0), tokenHash: claim?.tokenHash ?? "t0" };
  const asked = asksFor(id, { agent: `agent${agent}`, tokenHash: `t${second}`, place: place(`w${agent}`), now });
  const commit = `c${second}`;
  const about = { ...name, by: "somebody" };
  switch (verb) {
    case "claim":
      return claimTask(progress, asked).facts;
    case "take over":
      return claimTask(progress, { ...asked, holder: { kind: "gone", epoch: proof.epoch, why: "gone" } }).facts;
    case "complete":
      return completeTask(progress, { ...name, proof, commit, changed: true, contains: [] }).facts;
    case "fail":
    case "cancel":
      return failTask(progress, { ...name, proof, reason: "no", cancelled: verb === "cancel" }).facts;
    case "release":
      return releaseTask(progress, { ...name, proof, reason: "no" }).facts;
    case "heartbeat":
      return renewClaim(progress, { ...name, proof, now }).facts;
    case "block":
      return waitWithClaim(progress, { ...name, proof, reason: "outside" }).facts;
    case "reopen":
      return reopenTask(progress, about).facts;
    case "reject":
      return changePr(progress, { ...about, pr: { status: "rejected" } }).facts;
    case "approve":
      return changePr(progress, { ...about, pr: { status: "approved" } }).facts;
    case "merge":
      return recordOf(progress, id)?.work === undefined ? [] : [{ type: "work-landed", ...name, commit: `m${second}` }];
    case "lose":
      return [{ type: "work-lost", ...name, commit }];
    default:
      return [{ type: "work-found", ...name, commit }];
  }
}

export const HOLDERS_VERBS: ReadonlySet<string> = new Set([
  "complete",
  "fail",
  "cancel",
  "release",
  "heartbeat",
  "block",
]);
