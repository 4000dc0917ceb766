import { canonicalJson, printableLine } from "@orchard/kernel";
import type { RecordedProcess } from "../../domain/attempt.ts";
import type { Instant } from "../../domain/instant.ts";
import type { BroughtTask, Progress, WorktreeMove } from "../../domain/progress.ts";
import { findTask, findTaskWorktree } from "../../domain/progress.ts";
import type { Spec, TaskDefinition } from "../../domain/spec.ts";
import type { SpecFact } from "../../domain/spec-fact.ts";
import type { Claim, ClaimPlace, TaskRecord } from "../../domain/task.ts";
import { availableTo } from "../../task/available-to.ts";
import { sayBlockers } from "../../task/say-blockers.ts";
import { blockersOf, taskStatus } from "../../task/task-status.ts";
import { taskNotAvailable, taskTaken, unknownTask, worktreeMoving } from "../../task-errors.ts";
import { cameBetween } from "./came-between.ts";
import { type ProgressDecision, requireTask, type TaskName } from "./decision.ts";

/** What may have become of a holder, as the claimer found it. */
export type HolderVerdict =
  /** It gives signs of life, or its lease still runs. */
  | {
      readonly kind: "holds";
      readonly epoch: number;
      readonly signAt?: string | undefined;
      /** Its lease ran out while the clocks jumped: it is to be given its grace. */
      readonly jumped?: boolean | undefined;
    }
  /** Its process is gone, its lane has ended, or its lease ran out without a sign of life. */
  | {
      readonly kind: "gone";
      readonly epoch: number;
      readonly why: string;
      /** Its last sign of life as the judgement knew it: a newer one on record takes the judgement back. */
      readonly renewedAt?: string | undefined;
    };

export interface ClaimIntent extends TaskName {
  readonly agent: string;
  readonly tokenHash: string;
  readonly place: ClaimPlace;
  readonly leaseMs: number;
  readonly process?: RecordedProcess | undefined;
  readonly now: Instant;
  /** HEAD of the worktree, before what has to come in. */
  readonly head: string;
  /** The commits of the dependencies that the asker made sure of; they may have changed since. */
  readonly checked: readonly { readonly task: string; readonly commit: string | undefined }[];
  /** How the worktree gets what it lacks; absent when it lacks nothing. */
  readonly move?: WorktreeMove | undefined;
  /** Everything that the worktree was found to contain, where nothing has to come in. */
  readonly inherited?: readonly BroughtTask[] | undefined;
  readonly holder?: HolderVerdict | undefined;
}

/**
 * Takes the claim. `changed`: a dependency's commit is another by now, or the holder; ask the world again. `yours`: the
 * asker holds it already. Throws `TASK_NOT_AVAILABLE`, `TASK_TAKEN` or `WORKTREE_MOVING`.
 */
export function claimTask(
  progress: Progress,
  intent: ClaimIntent,
): ProgressDecision<{ readonly kind: "claimed" | "yours" | "changed"; readonly epoch: number }> {
  const { spec, definition, record } = requireTask(progress, intent);
  const held = record?.claim;
  if (held !== undefined && held.tokenHash === intent.tokenHash) {
    return { facts: [], outcome: { kind: "yours", epoch: held.epoch } };
  }
  if (definition === undefined) throw unknownTask(intent.task, intent.spec, spec.definition.path);
  if (held !== undefined && !isAbout(intent.holder, held)) return { facts: [], outcome: { kind: "changed", epoch: 0 } };
  if (held !== undefined && intent.holder?.kind === "holds") throw taskTaken(intent.task, held);
  requireStartable(spec, definition, record, intent);
  if (findTaskWorktree(progress, intent.place.worktree)?.move !== undefined) throw worktreeMoving(intent.place.path);
  if (!intent.checked.every(({ task, commit }) => findTask(progress, spec.name, task)?.work?.commit === commit)) {
    return { facts: [], outcome: { kind: "changed", epoch: 0 } };
  }
  const epoch = (record?.epoch ?? 0) + 1;
  const start = intent.move?.to ?? whereLeft(progress, intent, record) ?? intent.head;
  const seen = contentsIfOther(progress, intent);
  return { facts: factsOf(intent, { held, epoch, start, seen }), outcome: { kind: "claimed", epoch } };
}

function isAbout(verdict: HolderVerdict | undefined, { epoch, renewedAt }: Claim): boolean {
  if (verdict?.epoch !== epoch) return false;
  return verdict.kind === "holds" || verdict.renewedAt === undefined || verdict.renewedAt === renewedAt;
}

/** Of a claim that another takes over only the task's own dependencies count. */
function requireStartable(
  spec: Spec,
  definition: TaskDefinition,
  record: TaskRecord | undefined,
  intent: ClaimIntent,
): void {
  const blockers = blockersOf(spec, definition);
  const status = blockers.length > 0 && isOpenTo(record) ? "blocked" : taskStatus(spec, definition);
  if (status === "available" || (blockers.length === 0 && isOpenTo(record) && record !== undefined)) return;
  const reason =
    status === "blocked"
      ? `${definition.id} is blocked by ${sayBlockers(spec, blockers, intent.now.at)}.`
      : `${definition.id} is ${status.replaceAll("_", " ")}${byWhom(record)}.`;
  throw taskNotAvailable(
    definition.id,
    status,
    reason,
    availableTo(spec, intent.agent).map(({ id }) => id),
  );
}

/** Nobody has finished it, or the work was rejected and is to be done again. */
function isOpenTo(record: TaskRecord | undefined): boolean {
  return record === undefined || ["open", "in_progress", "changes_requested"].includes(record.state);
}

function byWhom(record: TaskRecord | undefined): string {
  if (record?.failure !== undefined) return `: ${printableLine(record.failure.reason)}`;
  return record?.work === undefined ? "" : ` by @${record.work.agent}`;
}

/** What was committed for a claim that ended without work counts for the next one there, unless something came between. */
function whereLeft(progress: Progress, intent: ClaimIntent, record: TaskRecord | undefined): string | undefined {
  const left = record?.left;
  const { worktree } = intent.place;
  if (left === undefined || left.worktree !== worktree) return undefined;
  return cameBetween(progress, worktree, intent, left.at) ? undefined : left.start;
}

/** What the worktree was found to contain, where that is not what is on record. */
function contentsIfOther(progress: Progress, { place, inherited }: ClaimIntent): readonly BroughtTask[] | undefined {
  const known = findTaskWorktree(progress, place.worktree)?.brought ?? [];
  return inherited === undefined || canonicalJson(known) === canonicalJson(inherited) ? undefined : inherited;
}

interface Taken {
  readonly held: Claim | undefined;
  readonly epoch: number;
  readonly start: string;
  readonly seen: readonly BroughtTask[] | undefined;
}

function factsOf(intent: ClaimIntent, { held, epoch, start, seen }: Taken): readonly SpecFact[] {
  const { spec, task, agent, tokenHash, place, leaseMs, now, move } = intent;
  const claim: Claim = {
    epoch,
    tokenHash,
    agent,
    place,
    start,
    since: now.at,
    renewedAt: now.at,
    renewedSinceBoot: now.sinceBoot,
    renewedAwake: now.awake,
    boot: now.boot,
    leaseMs,
    process: intent.process,
  };
  const gone = held !== undefined && intent.holder?.kind === "gone" ? intent.holder : undefined;
  return [
    ...(gone === undefined
      ? []
      : [{ type: "claim-taken-over", spec, task, epoch: gone.epoch, by: agent, why: gone.why } as const]),
    { type: "task-claimed", spec, task, claim },
    ...(seen === undefined
      ? []
      : [{ type: "worktree-contents-seen", worktree: place.worktree, brought: seen } as const]),
    ...(move === undefined ? [] : [{ type: "worktree-move-intended", worktree: place.worktree, move } as const]),
  ];
}
