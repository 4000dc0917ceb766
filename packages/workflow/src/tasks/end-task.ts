import { isOrchardError } from "@orchard/kernel";
import {
  availableTo,
  type ClaimProof,
  containedHere,
  containersOf,
  completeTask as decideComplete,
  failTask as decideFail,
  releaseTask as decideRelease,
  findTask,
  findTaskWorktree,
  keepLateEvidence,
  type Progress,
  type PullRequest,
  requireTask,
  type TaskName,
  taskNotClaimed,
} from "@orchard/tracker-core";
import { containedIn, isOid, type Oid, parseOid } from "@orchard/worktree-git";
import { atDesk } from "./at-desk.ts";
import { dropToken, proofOf, readToken } from "./claim-token.ts";
import type { TaskDesk } from "./desk.ts";
import { badCommit, foreignClaim } from "./errors.ts";
import { ownWork } from "./follow-proofs.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import type { CompleteOutcome } from "./outcomes.ts";
import { pinCommit } from "./pin-commit.ts";
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
 * The right to act for a claim: the token in this worktree's git dir; with `takeover` that of the present holder, which is
 * recorded with the task. Throws `TASK_NOT_CLAIMED`, `CLAIMED_ELSEWHERE`.
 */
export async function proofFor(
  desk: TaskDesk,
  progress: Progress,
  name: TaskName,
  takeover: boolean,
): Promise<ClaimProof> {
  const { orchard, asker } = desk;
  const claim = requireTask(progress, name).record?.claim;
  const token = await readToken(asker, name);
  if (token !== undefined && token.epoch > 0) return proofOf(token);
  const early = token !== undefined && claim?.tokenHash === proofOf(token).tokenHash;
  if (claim !== undefined && early) return { epoch: claim.epoch, tokenHash: claim.tokenHash };
  if (claim === undefined) throw taskNotClaimed(name.task);
  if (!takeover) throw foreignClaim(name.task, claim.place.path);
  const text = `@${asker.agent} acted for @${claim.agent}'s claim from ${asker.place.path}`;
  await recordProgress(orchard, text, () => ({
    facts: [{ type: "task-noted", ...name, by: asker.agent, text }],
    outcome: null,
  }));
  return { epoch: claim.epoch, tokenHash: claim.tokenHash };
}

/** A second `complete` after the first was answered, or after it was cut off before it could answer. */
async function alreadyDone(
  desk: TaskDesk,
  progress: Progress,
  name: TaskName,
  { commit }: CompleteOptions,
): Promise<CompleteOutcome | undefined> {
  const record = requireTask(progress, name).record;
  const { work } = record ?? {};
  if (record?.state !== "completed" || work === undefined || work.place.worktree !== desk.asker.place.worktree)
    return undefined;
  const isSame = commit === undefined || work.commit?.startsWith(commit.toLowerCase()) === true;
  if (!isSame) return undefined;
  await dropToken(desk.asker, name);
  return outcome(progress, progress, desk, name, { commit: work.commit, repeated: true });
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

async function provingCommit(desk: TaskDesk, given: string | undefined): Promise<Oid> {
  const head = await requireCleanHead(desk);
  if (given === undefined) return head;
  const text = given.toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(text)) throw badCommit(given, "it is no object id");
  const repository = await desk.orchard.repository();
  const matches = isOid(text)
    ? [parseOid(text)]
    : (await repository.log(undefined, head, 10_000)).map(({ oid }) => oid).filter((oid) => oid.startsWith(text));
  if (matches.length > 1) throw badCommit(given, "several commits begin so");
  const [found] = matches;
  if (found === undefined) throw badCommit(given, "no commit of this worktree's history begins so");
  const inside = await containedIn(repository, { commits: [found], head });
  if (!inside.has(found)) throw badCommit(given, "it is not in the history of this worktree");
  return found;
}

/** Done again in the same worktree, on top of what was done before. */
async function isOnTop(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  name: TaskName,
  commit: Oid,
): Promise<boolean> {
  const work = findTask(progress, name.spec, name.task)?.work;
  if (work?.commit === undefined || work.place.worktree !== asker.place.worktree) return false;
  return (await orchard.repository()).isAncestor(parseOid(work.commit), commit);
}

async function hasChanged({ orchard }: TaskDesk, start: Oid, commit: Oid): Promise<boolean> {
  const repository = await orchard.repository();
  if (commit === start || (await repository.isAncestor(commit, start))) return false;
  return (await repository.changedPaths(start, commit)).length > 0;
}

/** Other tasks' work in the history of `commit`, by the records of this worktree: brought in, and finished here before. */
async function containedBy({ orchard, asker }: TaskDesk, progress: Progress, name: TaskName, commit: Oid) {
  const { worktree } = asker.place;
  const repository = await orchard.repository();
  const brought = (findTaskWorktree(progress, worktree)?.brought ?? []).filter(({ spec }) => spec === name.spec);
  const own = ownWork(progress, worktree).filter(({ spec, task }) => spec === name.spec && task !== name.task);
  const marks = [
    ...brought.map(({ by, commit: of }) => parseOid(by === "" ? of : by)),
    ...own.map((one) => parseOid(one.commit)),
  ];
  const inside = await containedIn(repository, { commits: marks, head: commit });
  const there = new Set(
    brought.filter(({ by, commit: of }) => inside.has(parseOid(by === "" ? of : by))).map(({ task }) => task),
  );
  const ownThere = own
    .filter((one) => inside.has(parseOid(one.commit)))
    .map(({ task, commit: of }) => ({ task, commit: of }));
  return [...containedHere(progress, worktree, name.spec).filter(({ task }) => there.has(task)), ...ownThere];
}

function outcome(
  before: Progress,
  after: Progress,
  { asker }: TaskDesk,
  { spec, task }: TaskName,
  { commit, repeated }: { readonly commit: string | undefined; readonly repeated: boolean },
): CompleteOutcome {
  const could = new Set(startable(before, spec));
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
    unblocked: startable(after, spec).filter((id) => !could.has(id)),
    outdated,
  };
}

function startable(progress: Progress, spec: string): readonly string[] {
  const found = progress.specs[spec];
  return found === undefined ? [] : availableTo(found, undefined, { any: true }).map(({ id }) => id);
}
