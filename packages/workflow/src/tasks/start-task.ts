import { bootId, type ProcessIdentity, readIdentity } from "@orchard/host";
import {
  type BroughtTask,
  type Claim,
  claimTask,
  findDefinition,
  findTask,
  findTaskWorktree,
  type HolderVerdict,
  type Progress,
  requireSpec,
  type TaskName,
  type TaskWorktree,
  taskTaken,
  type WorktreeMove,
  witnessClaim,
} from "@orchard/tracker-core";
import { containedIn, type Oid, parseOid, parseRef, shortName } from "@orchard/worktree-git";
import { atDesk } from "./at-desk.ts";
import { closureOf } from "./brought.ts";
import { type ClaimToken, hashOfToken, keepToken, readToken } from "./claim-token.ts";
import { type Composition, compose, type Wanted } from "./compose.ts";
import { endResolve, endTakenIn, offerResolve, readResolution } from "./conflict-worktree.ts";
import type { TaskDesk } from "./desk.ts";
import { onBaseBranch } from "./errors.ts";
import { type Followed, followProofs, ownWork } from "./follow-proofs.ts";
import { judgeHolder } from "./judge-holder.ts";
import { ensureLayerBranches } from "./layer-branches.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import type { CameAlong, StartOutcome } from "./outcomes.ts";
import { partsToReplace } from "./parts-to-replace.ts";
import { pinFollowed } from "./pin-commit.ts";
import { refreshSpecs } from "./read-specs.ts";
import { recordProgress } from "./record-progress.ts";
import { settleMove, takeThere } from "./settle-move.ts";
import { sightWorld } from "./sight-world.ts";

export interface StartOptions {
  /** Make a worktree in which a conflict can be resolved. */
  readonly resolve?: "hand" | undefined;
  /** Take the task from a holder that lives. It is recorded. */
  readonly takeover?: boolean | undefined;
}

/**
 * Takes the claim of a task, with the code of everything that it depends on in the asker's worktree. A conflict leaves
 * the worktree as it was and takes no claim. Throws `TASK_NOT_AVAILABLE`, `TASK_TAKEN`, `DIRTY_WORKTREE`,
 * `OPERATION_IN_PROGRESS`, `ON_BASE_BRANCH`, `WORKTREE_CHANGED`. Killed anywhere and run again, it goes on.
 */
export async function startTask(desk: TaskDesk, name: TaskName, options: StartOptions = {}): Promise<StartOutcome> {
  return atDesk(desk, `start ${name.task}`, () => start(desk, name, options));
}

async function start(desk: TaskDesk, name: TaskName, options: StartOptions): Promise<StartOutcome> {
  const { orchard, asker } = desk;
  await settleMove(desk);
  await endTakenIn(desk);
  await ensureLayerBranches(orchard, (await refreshSpecs(orchard)).progress);
  const token = await tokenFor(desk, name);
  for (;;) {
    const progress = await sightWorld(orchard);
    const held = findTask(progress, name.spec, name.task)?.claim;
    if (held !== undefined && held.tokenHash === hashOfToken(token.token)) return goOn(desk, name, held, token);
    refuseIfUnavailable(progress, desk, name, held, token);
    const holder = held === undefined ? undefined : await verdictOn(desk, name, held, options.takeover === true);
    const head = await requireCleanHead(desk);
    const composed = await composeFor(desk, progress, name, head);
    if (composed.kind === "conflicted") return offerResolve(desk, progress, { name, head, composed, ...options });
    if (composed.to !== head) await refuseOnBase(desk, composed.missing);
    const move = moveTo(composed, head);
    const { leaseMs, checked } = composed;
    const claimed = await recordProgress(orchard, `${name.task} started by @${asker.agent}`, (now, at) =>
      claimTask(now, {
        ...name,
        agent: asker.agent,
        tokenHash: hashOfToken(token.token),
        place: asker.place,
        leaseMs,
        process: holderProcess(orchard.ports.environment),
        now: at,
        head,
        checked,
        move,
        inherited: move === undefined ? composed.brought : [],
        holder,
      }),
    );
    const { kind, epoch } = claimed.outcome;
    if (kind === "changed") continue;
    await keepToken(asker, name, { ...token, epoch });
    if (move !== undefined) await takeThere(desk, { from: head, to: composed.to });
    if (composed.isResolved) await endResolve(desk, "resolved");
    const came = cameAlong(progress, asker.place.worktree, composed, head);
    const tookOver = held !== undefined && holder?.kind === "gone" ? { agent: held.agent, why: holder.why } : undefined;
    return { kind: "started", ...name, epoch, leaseMs, head: composed.to, came, tookOver };
  }
}

function moveTo(
  { to, brought, followed }: Extract<Composition, { kind: "composed" }> & ComposedForStart,
  head: Oid,
): WorktreeMove | undefined {
  return to === head ? undefined : { why: "start", from: head, to, brought, ...followed };
}

/** The claim is the asker's already: what an ended `start` left undone was finished before. */
async function goOn(desk: TaskDesk, name: TaskName, held: Claim, token: ClaimToken): Promise<StartOutcome> {
  await keepToken(desk.asker, name, { ...token, epoch: held.epoch });
  const { epoch, leaseMs, start } = held;
  return { kind: "yours", ...name, epoch, leaseMs, head: start, came: [] };
}

async function tokenFor({ orchard, asker }: TaskDesk, name: TaskName): Promise<ClaimToken> {
  const before = await readToken(asker, name);
  const held = findTask((await orchard.folded()).state.progress, name.spec, name.task)?.claim;
  const isMine = before !== undefined && held?.tokenHash === hashOfToken(before.token);
  if (before !== undefined && (isMine || before.epoch === 0)) return before;
  const token = { token: orchard.ports.token(), epoch: 0, agent: asker.agent };
  await keepToken(asker, name, token);
  return token;
}

/** Before anything is computed: what `claimTask` would refuse in any case. */
function refuseIfUnavailable(
  progress: Progress,
  { orchard, asker }: TaskDesk,
  name: TaskName,
  held: Claim | undefined,
  { token }: ClaimToken,
): void {
  const { clock } = orchard.ports;
  claimTask(progress, {
    ...name,
    agent: asker.agent,
    tokenHash: hashOfToken(token),
    place: { ...asker.place, worktree: "" },
    leaseMs: 0,
    now: { at: new Date(clock.now()).toISOString(), sinceBoot: 0, boot: "" },
    head: "",
    checked: [],
    inherited: [],
    holder: held === undefined ? undefined : { kind: "gone", epoch: held.epoch, why: "" },
  });
}

const NOTHING: Followed = { proofs: [], starts: [] };

interface ComposedForStart {
  readonly checked: readonly { readonly task: string; readonly commit: string | undefined }[];
  /** Tasks whose code had to come in, or to be another. */
  readonly missing: readonly string[];
  readonly leaseMs: number;
  /** A conflict that somebody resolved is part of it. */
  readonly isResolved: boolean;
  readonly followed: Followed;
}

async function composeFor(
  desk: TaskDesk,
  progress: Progress,
  name: TaskName,
  head: Oid,
): Promise<Composition & ComposedForStart> {
  const { orchard, asker } = desk;
  const { worktree, path } = asker.place;
  const definition = findDefinition(requireSpec(progress, name.spec), name.task);
  const checked = (definition?.dependsOn ?? []).map((task) => ({
    task,
    commit: findTask(progress, name.spec, task)?.work?.commit,
  }));
  const resolved = await readResolution(desk, progress, head);
  const record = findTaskWorktree(progress, worktree) ?? { id: worktree, path, brought: [] };
  const from = { head: resolved?.head ?? head, record: { ...record, brought: resolved?.brought ?? record.brought } };
  const wanted = await whatIsMissing(desk, progress, { spec: name.spec, checked, ...from });
  const composed = await compose(await orchard.hub(), wanted.progress, { head: from.head, worktree, wanted });
  const missing = [...wanted.replace.map(({ part }) => part.task), ...wanted.bring.map(({ task }) => task)];
  const leaseMs = (await orchard.config()).config.lease;
  const rest = { checked, missing, leaseMs, isResolved: resolved !== undefined };
  if (composed.kind === "conflicted" || wanted.replace.length === 0) return { ...composed, ...rest, followed: NOTHING };
  const { to } = composed;
  const followed = await followProofs(await orchard.hub(), progress, { worktree, head, to, parts: wanted.replace });
  await pinFollowed(await orchard.repository(), followed);
  return { ...composed, ...rest, followed };
}

/**
 * The dependencies whose code the worktree lacks. Ancestry decides where nothing is on record; where a record says that
 * code was taken out again, it has to be put back.
 */
async function whatIsMissing(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  {
    spec,
    checked,
    head,
    record,
  }: {
    readonly spec: string;
    readonly checked: ComposedForStart["checked"];
    readonly head: Oid;
    readonly record: TaskWorktree;
  },
): Promise<Wanted & { readonly progress: Progress }> {
  const { worktree } = asker.place;
  const repository = await orchard.repository();
  const needed = checked.filter((each): each is { task: string; commit: string } => each.commit !== undefined);
  const inside = await containedIn(repository, { commits: needed.map(({ commit }) => parseOid(commit)), head });
  const own = new Set(ownWork(progress, worktree).map(({ task, spec: of }) => `${of}/${task}`));
  const known = new Map(record.brought.filter((part) => part.spec === spec).map((part) => [part.task, part]));
  const unrecorded = needed.filter(
    ({ task, commit }) => !own.has(`${spec}/${task}`) && !known.has(task) && inside.has(parseOid(commit)),
  );
  const inherited = unrecorded.flatMap(({ task }) => closureOf(progress, { spec, task }, head));
  const complete = { ...record, brought: [...record.brought, ...inherited.filter(({ task }) => !known.has(task))] };
  const names = new Set(needed.map(({ task }) => task));
  const replace = (await partsToReplace(repository, progress, complete)).filter(({ part }) => names.has(part.task));
  const bring = needed
    .filter(({ task, commit }) => !own.has(`${spec}/${task}`) && !known.has(task) && !inside.has(parseOid(commit)))
    .map((each) => ({ spec, ...each }));
  return { replace, bring, progress: { ...progress, worktrees: { ...progress.worktrees, [worktree]: complete } } };
}

async function refuseOnBase({ orchard, asker }: TaskDesk, tasks: readonly string[]): Promise<void> {
  const { branch, path } = asker.place;
  const base = (await orchard.tracker()).home?.base;
  if (branch !== undefined && branch === base) throw onBaseBranch(path, shortName(parseRef(branch)), tasks);
}

async function verdictOn(desk: TaskDesk, name: TaskName, held: Claim, takeover: boolean): Promise<HolderVerdict> {
  const { orchard, asker } = desk;
  if (takeover) return { kind: "gone", epoch: held.epoch, why: `taken over by @${asker.agent}` };
  const { clock } = orchard.ports;
  const now = { at: new Date(clock.now()).toISOString(), sinceBoot: clock.sinceBoot(), boot: bootId() };
  const verdict = await judgeHolder(orchard, held, now);
  if (verdict.kind === "gone") return verdict;
  const { signAt } = verdict;
  if (signAt !== undefined) {
    await recordProgress(orchard, `@${held.agent} works on ${name.task}`, (progress, at) =>
      witnessClaim(progress, { ...name, epoch: held.epoch, signAt, now: at }),
    );
  }
  throw taskTaken(name.task, held);
}

/** Whose code is in the worktree now and was not, or not as it is now. */
function cameAlong(
  progress: Progress,
  worktree: string,
  { brought, missing }: Composition & ComposedForStart,
  head: Oid,
): readonly CameAlong[] {
  const before = findTaskWorktree(progress, worktree)?.brought ?? [];
  const isNew = (part: BroughtTask) =>
    part.takenOut !== true &&
    part.by !== head &&
    !before.some(({ spec, task, commit, takenOut }) => {
      return spec === part.spec && task === part.task && commit === part.commit && takenOut !== true;
    });
  return brought.filter(isNew).map(({ spec, task, commit }) => {
    const agent = findTask(progress, spec, task)?.work?.agent ?? "?";
    return { spec, task, agent, commit, along: !missing.includes(task) };
  });
}

/** The process to watch, where whoever started the agent says which it is. */
function holderProcess(environment: NodeJS.ProcessEnv): ProcessIdentity | undefined {
  const pid = environment["ORBIT_AGENT_PID"];
  return pid === undefined || !/^[1-9]\d{0,9}$/.test(pid) ? undefined : readIdentity(Number(pid));
}
