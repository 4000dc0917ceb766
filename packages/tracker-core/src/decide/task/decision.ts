import type { Json } from "@orchard/kernel";
import { findSpec, type Progress } from "../../domain/progress.ts";
import { findDefinition, findRecord, type Spec, type TaskDefinition } from "../../domain/spec.ts";
import type { SpecFact } from "../../domain/spec-fact.ts";
import type { Claim, TaskRecord } from "../../domain/task.ts";
import { staleClaim, taskNotClaimed, unknownSpec, unknownTask } from "../../task-errors.ts";

/** What shall be recorded, and what the asker is told. No facts: nothing to record. */
export interface ProgressDecision<Outcome extends Json = null> {
  readonly facts: readonly SpecFact[];
  readonly outcome: Outcome;
}

/** A task by its two names. */
export interface TaskName {
  readonly spec: string;
  readonly task: string;
}

/** What a holder shows: the epoch of its claim, and the hash of the token in its worktree's git dir. */
export interface ClaimProof {
  readonly epoch: number;
  readonly tokenHash: string;
}

/** Throws `UNKNOWN_SPEC`. */
export function requireSpec(progress: Progress, name: string): Spec {
  const spec = findSpec(progress, name);
  if (spec === undefined) throw unknownSpec(name, Object.keys(progress.specs));
  return spec;
}

/** Throws `UNKNOWN_SPEC` or `UNKNOWN_TASK`. A task that the file defines no more is still found by its record. */
export function requireTask(
  progress: Progress,
  { spec: name, task }: TaskName,
): { readonly spec: Spec; readonly definition: TaskDefinition | undefined; readonly record: TaskRecord | undefined } {
  const spec = requireSpec(progress, name);
  const definition = findDefinition(spec, task);
  const record = findRecord(spec, task);
  if (definition === undefined && record === undefined) throw unknownTask(task, name, spec.definition.path);
  return { spec, definition, record };
}

/**
 * The claim that `proof` belongs to. Throws `TASK_NOT_CLAIMED` when nobody holds the task, `STALE_CLAIM` when somebody
 * else does by now.
 */
export function requireClaim(progress: Progress, name: TaskName, proof: ClaimProof): Claim {
  const { record } = requireTask(progress, name);
  const claim = record?.claim;
  if (claim?.epoch === proof.epoch && claim.tokenHash === proof.tokenHash) return claim;
  if (record === undefined || (claim === undefined && record.epoch === 0)) throw taskNotClaimed(name.task);
  throw staleClaim(name.task, proof.epoch, record);
}
