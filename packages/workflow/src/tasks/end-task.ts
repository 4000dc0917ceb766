import { isOrchardError } from "@orchard/kernel";
import {
  availableTo,
  type ClaimProof,
  containersOf,
  completeTask as decideComplete,
  failTask as decideFail,
  changePr as decidePr,
  releaseTask as decideRelease,
  findTask,
  keepLateEvidence,
  noteSighting,
  type Progress,
  type PullRequest,
  requireTask,
  type TaskName,
} from "@orchard/tracker-core";
import { type Oid, parseOid } from "@orchard/worktree-git";
import { atDesk } from "./at-desk.ts";
import { proofFor } from "./claim-proof.ts";
import { dropToken } from "./claim-token.ts";
import type { TaskDesk } from "./desk.ts";
import type { CompleteOutcome } from "./outcomes.ts";
import { pinCommit } from "./pin-commit.ts";
import { containedBy, hasChanged, isOnTop, provingCommit } from "./proving-commit.ts";
import { refreshSpecs } from "./read-specs.ts";
import { recordProgress } from "./record-progress.ts";
import { settleMove } from "./settle-move.ts";
import { sightWorld } from "./sight-world.ts";

export interface CompleteOptions {
  /** Another commit than HEAD; object id, whole or its beginning. */
  readonly commit?: string | undefined;
  /** Why nothing had to be changed. */
  readonly noCode?: string | undefined;
  readonly pr?: PullRequest | undefined;
  readonly takeover?: boolean | undefined;
}

/**
 * The task is done, and this commit proves it. The commit is durable and pinned before anybody is told. Throws
 * `DIRTY_WORKTREE`, `NOTHING_BEHIND`, `BAD_COMMIT`, `TASK_NOT_CLAIMED`, `CLAIMED_ELSEWHERE`, and `STALE_CLAIM` when the
 * claim was lost: then what it hands in is kept with the task.
 */
export async function completeTask(
  desk: TaskDesk,
  name: TaskName,
  options: CompleteOptions = {},
): Promise<CompleteOutcome> {
  return atDesk(desk, `complete ${name.task}`, () => complete(desk, name, options));
}

async function complete(desk: TaskDesk, name: TaskName, options: CompleteOptions): Promise<CompleteOutcome> {
  const { orchard, asker } = desk;
  await settleMove(desk);
  await refreshSpecs(orchard);
  const before = await sightWorld(orchard);
  const again = await alreadyDone(desk, before, name, options);
  if (again !== undefined) return again;
  const proof = await proofFor(desk, before, name, options.takeover === true);
  const commit = options.noCode === undefined ? await provingCommit(desk, options.commit) : undefined;
  const start = findTask(before, name.spec, name.task)?.claim?.start;
  const changed = commit !== undefined && start !== undefined && (await hasChanged(desk, parseOid(start), commit));
  if (commit !== undefined && changed) await pinCommit(await orchard.repository(), name, commit);
  const contains = commit === undefined ? [] : await containedBy(desk, before, name, commit);
  const goesOn = commit !== undefined && (await isOnTop(desk, before, name, commit));
  const end = { ...name, proof, commit, changed, goesOn, noCode: options.noCode, pr: options.pr, contains };
  const done = await recordProgress(
    orchard,
    `${name.task} completed by @${asker.agent}`,
    (progress) => decideComplete(progress, end),
    { id: `complete ${name.spec}/${name.task} ${proof.epoch} ${commit ?? "no code"}` },
  ).catch(async (error: unknown) => {
    if (isOrchardError(error, "STALE_CLAIM")) await keepLate(desk, name, proof, commit);
    throw error;
  });
  await dropToken(asker, name);
  return outcome(before, done.state.progress, desk, name, { commit, repeated: false });
}

/** Ends the claim without work. */
export async function failTask(
  desk: TaskDesk,
  name: TaskName,
  {
    reason,
    cancelled,
    takeover,
  }: { readonly reason: string; readonly cancelled: boolean; readonly takeover?: boolean | undefined },
): Promise<void> {
  await endClaim(desk, name, cancelled ? "cancel" : "fail", takeover === true, (progress, proof) =>
    decideFail(progress, { ...name, proof, reason, cancelled }),
  );
}

/** Gives the task back for anybody to take. */
export async function releaseTask(
  desk: TaskDesk,
  name: TaskName,
  { reason, takeover }: { readonly reason: string; readonly takeover?: boolean | undefined },
): Promise<void> {
  await endClaim(desk, name, "release", takeover === true, (progress, proof) =>
    decideRelease(progress, { ...name, proof, reason }),
  );
}

async function endClaim(
  desk: TaskDesk,
  name: TaskName,
  verb: string,
  takeover: boolean,
  decide: (progress: Progress, proof: ClaimProof) => ReturnType<typeof decideFail>,
): Promise<void> {
  const { orchard, asker } = desk;
  await atDesk(desk, `${verb} ${name.task}`, async () => {
    await settleMove(desk);
    const { progress } = await refreshSpecs(orchard);
    const proof = await proofFor(desk, progress, name, takeover);
    await recordProgress(orchard, `${name.task}: ${verb} by @${asker.agent}`, (now) => decide(now, proof));
    await dropToken(asker, name);
  });
}

/**
 * A second `complete`: after the first was answered, or was cut off before it could answer; with another commit that is to
 * prove the task from now on, or with its pull request.
 */
async function alreadyDone(
  desk: TaskDesk,
  progress: Progress,
  name: TaskName,
  { commit: given, pr }: CompleteOptions,
): Promise<CompleteOutcome | undefined> {
  const { orchard, asker } = desk;
  const { work, state } = requireTask(progress, name).record ?? {};
  if (state !== "completed" || work === undefined || work.place.worktree !== asker.place.worktree) return undefined;
  const isSame = given === undefined || work.commit?.startsWith(given.toLowerCase()) === true;
  const commit = isSame || work.commit === undefined ? work.commit : await proveAnew(desk, name, work.commit, given);
  if (pr !== undefined) {
    const by = asker.agent;
    await recordProgress(orchard, `pull request of ${name.task}`, (now) => decidePr(now, { ...name, by, pr }));
  }
  await dropToken(asker, name);
  const after = (await orchard.folded()).state.progress;
  return outcome(progress, after, desk, name, { commit, repeated: isSame });
}

async function proveAnew(desk: TaskDesk, name: TaskName, before: string, given: string): Promise<Oid> {
  const { orchard } = desk;
  const by = await provingCommit(desk, given);
  await pinCommit(await orchard.repository(), name, by);
  const sighting = { tips: {}, works: [{ ...name, commit: before, kind: "replaced", by } as const] };
  await recordProgress(orchard, `${name.task} is proved by ${by.slice(0, 10)}`, (now) => noteSighting(now, sighting));
  return by;
}

/** The claim was lost, perhaps only just now: what comes comes too late, and is kept. */
async function keepLate(
  { orchard, asker }: TaskDesk,
  name: TaskName,
  { epoch }: ClaimProof,
  commit: Oid | undefined,
): Promise<void> {
  if (commit !== undefined) await pinCommit(await orchard.repository(), name, commit);
  const evidence = { ...name, agent: asker.agent, epoch, verb: "complete", commit };
  await recordProgress(orchard, `${name.task}: late work of @${asker.agent} kept`, (now) =>
    keepLateEvidence(now, evidence),
  );
}

function outcome(
  before: Progress,
  after: Progress,
  { asker }: TaskDesk,
  { spec, task }: TaskName,
  { commit, repeated }: { readonly commit: string | undefined; readonly repeated: boolean },
): CompleteOutcome {
  const work = findTask(after, spec, task)?.work;
  const outdated = containersOf(after, spec, task)
    .filter(
      ({ id, brought }) =>
        id !== asker.place.worktree && brought.some((part) => part.task === task && part.commit !== commit),
    )
    .map(({ path }) => path);
  return {
    spec,
    task,
    commit,
    repeated,
    contains: (work?.contains ?? []).filter(({ takenOut }) => takenOut !== true).map((part) => part.task),
    unblocked: unblockedBy({ spec, task }, before, after),
    outdated,
  };
}

function unblockedBy(name: TaskName, before: Progress, after: Progress): readonly string[] {
  const could = new Set(startableBehind(before, name));
  return startableBehind(after, name).filter((id) => !could.has(id));
}

/** Only what depends on a task can be let go by its end, unless layers are hard. */
function startableBehind(progress: Progress, { spec, task }: TaskName): readonly string[] {
  const found = progress.specs[spec];
  if (found === undefined) return [];
  const { tasks, rules } = found.definition;
  const among = rules.layers === "hard" ? tasks : tasks.filter(({ dependsOn }) => dependsOn.includes(task));
  return availableTo(found, undefined, { any: true, among }).map(({ id }) => id);
}
