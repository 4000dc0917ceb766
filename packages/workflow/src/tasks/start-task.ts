import { type ProcessIdentity, readIdentity } from "@orchard/host";
import {
  type Claim,
  claimTask,
  findTask,
  graceMs,
  grantGrace,
  type HolderVerdict,
  type Progress,
  type TaskName,
  taskTaken,
  type WorktreeMove,
  witnessClaim,
} from "@orchard/tracker-core";
import { type Oid, parseRef, shortName } from "@orchard/worktree-git";
import { atDesk } from "./at-desk.ts";
import { type ClaimToken, hashOfToken, keepToken, readToken } from "./claim-token.ts";
import type { Composition } from "./compose.ts";
import { type ComposedForStart, cameAlong, composeStart } from "./compose-start.ts";
import { endResolve, endTakenIn, offerResolve, refuseInResolve } from "./conflict-worktree.ts";
import type { TaskDesk } from "./desk.ts";
import { onBaseBranch } from "./errors.ts";
import { judgeHolder } from "./judge-holder.ts";
import { ensureLayerBranches } from "./layer-branches.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import type { StartOutcome } from "./outcomes.ts";
import { refreshSpecs } from "./read-specs.ts";
import { instantOf, recordProgress } from "./record-progress.ts";
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
  refuseInResolve(desk, (await orchard.folded()).state.progress);
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
    const composed = await composeStart(desk, progress, name, head);
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
        inherited: move === undefined ? composed.brought : undefined,
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
    holder: held === undefined ? undefined : { kind: "gone", epoch: held.epoch, why: "" },
  });
}

async function refuseOnBase({ orchard, asker }: TaskDesk, tasks: readonly string[]): Promise<void> {
  const { branch, path } = asker.place;
  const base = (await orchard.tracker()).home?.base;
  if (branch !== undefined && branch === base) throw onBaseBranch(path, shortName(parseRef(branch)), tasks);
}

async function verdictOn(desk: TaskDesk, name: TaskName, held: Claim, takeover: boolean): Promise<HolderVerdict> {
  const { orchard, asker } = desk;
  if (takeover) return { kind: "gone", epoch: held.epoch, why: `taken over by @${asker.agent}` };
  const verdict = await judgeHolder(orchard, held, instantOf(orchard.ports.clock));
  if (verdict.kind === "gone") return verdict;
  const { signAt, jumped } = verdict;
  const { epoch, renewedAt } = held;
  if (jumped === true) {
    await recordProgress(orchard, `@${held.agent} gets time to show a sign of life`, (progress, now) =>
      grantGrace(progress, { ...name, epoch, renewedAt, now }),
    );
  }
  if (signAt !== undefined) {
    await recordProgress(orchard, `@${held.agent} works on ${name.task}`, (progress, at) =>
      witnessClaim(progress, { ...name, epoch, signAt, now: at }),
    );
  }
  throw taskTaken(name.task, held, jumped === true ? graceMs(held) : undefined);
}

/** The process to watch, where whoever started the agent says which it is. */
function holderProcess(environment: NodeJS.ProcessEnv): ProcessIdentity | undefined {
  const pid = environment["ORBIT_AGENT_PID"];
  return pid === undefined || !/^[1-9]\d{0,9}$/.test(pid) ? undefined : readIdentity(Number(pid));
}
