import { join } from "node:path";
import { adapters, readPlan } from "@orchard/agent-runner";
import { isOrchardError, printableLine } from "@orchard/kernel";
import { happened, type Lane, lastAttempt, moveLane, recordStopped } from "@orchard/tracker-core";
import { commitEverything, inspectWorktree, type Oid, parseOid } from "@orchard/worktree-git";
import { whyNeverLands } from "../land/why-never-lands.ts";
import { dirtyPaths } from "../orchard/dirty-paths.ts";
import type { Driver } from "../orchard/driver.ts";
import { judgeDraft } from "../plan/judge-draft.ts";
import { judgeProbe } from "../probes/judge-probe.ts";
import { isRefused } from "./end-refused.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import { failAttempt } from "./fail-attempt.ts";
import { judgeTasks, parkLane } from "./judge-tasks.ts";
import { judgeWork, type WorkJudgement } from "./judge-work.ts";
import { laneFault } from "./lane-fault.ts";
import { readLastWord } from "./last-word.ts";
import { type Shortfall, unsuccessful, withDenials, worktreeDamaged } from "./shortfall.ts";
import { setVerifysAside } from "./verify-work.ts";

/**
 * Judges what an ended attempt left. "Done" counts only as a committed, changed, clean and verified tree on the
 * lane's own branch; anything else is a failed attempt whose work is kept, also where its files or commits cannot be read.
 */
export async function settleAttempt(driver: Driver, lane: Lane, options: ExecuteOptions): Promise<void> {
  try {
    await judge(driver, lane, options);
  } catch (error) {
    const fault = laneFault(error, { folder: worktreeOf(driver, lane), cause: "not-judged" });
    if (fault === undefined) throw error;
    await failAttempt(driver, lane, fault);
  }
}

async function judge(driver: Driver, lane: Lane, options: ExecuteOptions): Promise<void> {
  if (lane.stopRequested !== undefined) return recordStop(driver, lane);
  const end = lastAttempt(lane.attempts)?.end;
  if (end?.neverRan === true) return failAttempt(driver, lane, startFailed(lane, end.reason));
  if (end !== undefined && end.outcome !== "unknown" && !(end.outcome === "exited" && end.code === 0)) {
    const word = await readLastWord(attemptFolder(driver, lane));
    if (end.outcome === "stopped" && !isRefused(word)) return recordStop(driver, lane);
    return failAttempt(driver, lane, unsuccessful(end, word));
  }
  const head = (await judgedBefore(driver, lane)) ?? (await committedWork(driver, lane));
  if (typeof head !== "string")
    return failAttempt(driver, lane, withDenials(head, await readLastWord(attemptFolder(driver, lane))));
  const tasks = await judgeTasks(driver, lane);
  if (tasks.kind === "waits") return parkLane(driver, lane, tasks.waits);
  if (tasks.kind === "short") return failAttempt(driver, lane, tasks.shortfall);
  await recordJudged(driver, lane, head);
  if (lane.judged?.head === head) await setVerifysAside(driver, lane, head);
  const judged = await judgeWork(driver, lane, head, options);
  if (judged.kind === "interrupted") return;
  if (judged.kind === "short") return failAttempt(driver, lane, judged.shortfall);
  await complete(driver, lane, head, judged);
}

/** Supervisors that die before the agent runs are tried anew, but not for ever. */
const MOST_STARTS = 5;

function startFailed(lane: Lane, reason = "its supervisor died"): Shortfall {
  const failed = lane.attempts.filter((attempt) => attempt.end?.neverRan === true).length;
  return { cause: "supervisor-failed", reason, final: failed >= MOST_STARTS };
}

async function recordStop(driver: Driver, lane: Lane): Promise<void> {
  const reason = lane.stopRequested?.reason ?? lastAttempt(lane.attempts)?.end?.reason ?? "stopped";
  await driver.record(`lane ${lane.id} stopped`, (tracker) => recordStopped(tracker, { lane: lane.id, reason }));
  driver.orchard.ports.report({ type: "lane-stopped", lane: lane.id, reason });
}

/** A driver that died while it verified had judged the work already; by now verify may have left files of its own. */
async function judgedBefore(driver: Driver, lane: Lane): Promise<Oid | undefined> {
  const { judged } = lane;
  if (judged === undefined || judged.token !== lastAttempt(lane.attempts)?.token) return undefined;
  const seen = await inspectWorktree(await driver.orchard.repository(), worktreeOf(driver, lane));
  return seen.intact && seen.head === judged.head ? seen.head : undefined;
}

async function recordJudged(driver: Driver, lane: Lane, head: Oid): Promise<void> {
  const token = lastAttempt(lane.attempts)?.token ?? "";
  if (lane.judged?.token === token && lane.judged.head === head) return;
  await driver.record(`lane ${lane.id}: its work is ${head.slice(0, 10)}`, () =>
    happened({ type: "work-judged", lane: lane.id, token, head }),
  );
}

async function committedWork(driver: Driver, lane: Lane): Promise<Oid | Shortfall> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const path = worktreeOf(driver, lane);
  const seen = await inspectWorktree(repository, path);
  if (!seen.intact) return worktreeDamaged(`${path} is no longer the worktree that was made for it`);
  if (seen.branch !== `refs/heads/${lane.worktree?.branch}`) {
    return {
      cause: "wrong-branch",
      reason: `the worktree is on ${seen.branch ?? "a detached HEAD"}, not on ${lane.worktree?.branch}`,
    };
  }
  if (seen.operation !== undefined)
    return { cause: "operation-in-progress", reason: `a ${seen.operation} is in progress in ${path}` };
  if (lane.definition.probe !== undefined) return judgeProbe(orchard, lane, path);
  const head = (await commitLeftovers(driver, lane, path)) ?? seen.head;
  const shortfall = await whatIsMissing(driver, lane, head, path);
  if (shortfall !== undefined || lane.definition.draft !== true) return shortfall ?? (head as Oid);
  return (await judgeDraft(orchard, head as Oid)) ?? (head as Oid);
}

/** An adapter whose sandbox keeps `.git` read-only cannot commit; what it left is committed for it. */
async function commitLeftovers(driver: Driver, lane: Lane, path: string): Promise<Oid | undefined> {
  const adapter = adapters.get(adapterOf(driver, lane));
  if (adapter === undefined || adapter.commitsItself) return undefined;
  const { name, tasks } = lane.definition;
  const message = `${printableLine(name ?? tasks[0]?.split("\n")[0] ?? lane.id, LONGEST_SUBJECT)}\n`;
  return commitEverything(await driver.orchard.repository(), path, { message });
}

/** The agent's name is what people call it; the plan tells which adapter started it. */
function adapterOf(driver: Driver, lane: Lane): string {
  try {
    return readPlan(attemptFolder(driver, lane)).adapter ?? "command";
  } catch (error) {
    if (!isOrchardError(error, "ATTEMPT_MISSING")) throw error;
    return lastAttempt(lane.attempts)?.agent ?? "command";
  }
}

const LONGEST_SUBJECT = 72;

async function whatIsMissing(
  driver: Driver,
  lane: Lane,
  head: Oid | undefined,
  path: string,
): Promise<Shortfall | undefined> {
  const repository = await driver.orchard.repository();
  const start = lane.worktree?.start;
  if (head === undefined || start === undefined || !(await repository.isAncestor(parseOid(start), head))) {
    return {
      cause: "history-rewritten",
      reason: `the branch no longer contains the commit that the lane started from (${start})`,
    };
  }
  const dirty = dirtyPaths(await inspectWorktree(repository, path));
  if (dirty.length > 0) {
    return {
      cause: "uncommitted-work",
      reason: `"done" with uncommitted work in ${path}: ${dirty.slice(0, 10).join(", ")}`,
    };
  }
  // Whether a task is done its agent has proved already, or said why nothing had to change.
  const mayBeEmpty = lane.definition.noChange || lane.definition.spec !== undefined;
  if (head === start && !mayBeEmpty)
    return {
      cause: "nothing-done",
      reason: '"done" without a single commit (a lane that may end so says "noChange": true)',
    };
  const changed = await repository.changedPaths(parseOid(start), head);
  const never = await whyNeverLands(repository, head, changed);
  if (never !== undefined) return { cause: never.cause, reason: `it committed ${never.what}` };
  if (changed.length === 0 && !mayBeEmpty)
    return { cause: "nothing-done", reason: '"done" without a change to any file' };
  return undefined;
}

async function complete(
  driver: Driver,
  lane: Lane,
  head: Oid,
  { receipts, onRedBase }: Extract<WorkJudgement, { kind: "good" }>,
): Promise<void> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const start = parseOid(lane.worktree?.start ?? head);
  await repository.makeDurable(head, start);
  const changed = (await repository.changedPaths(start, head)).map(({ path }) => path);
  const generated = "docs/_generated/";
  const results = changed.filter((path) => path.startsWith(generated)).map((path) => path.slice(generated.length));
  const changedFiles = changed.filter((path) => !path.startsWith(generated));
  // A probe was judged by its result.
  const nothingRan = receipts.length === 0 && lane.definition.probe === undefined;
  const unverified = nothingRan || onRedBase !== undefined;
  const onRed = onRedBase === undefined ? {} : { onRedBase };
  const work = { head, results, changedFiles, receipts, unverified, ...onRed };
  const step = { type: "lane-completed", lane: lane.id, work } as const;
  const outcome = await driver.record(`lane ${lane.id} completed`, (tracker) => moveLane(tracker, step));
  if (outcome === "overtaken") return;
  const seen = { files: changed.length, unverified, ...(onRedBase === undefined ? {} : { onRedBase: true as const }) };
  orchard.ports.report({ type: "lane-completed", lane: lane.id, ...seen });
}

function attemptFolder(driver: Driver, lane: Lane): string {
  return join(driver.orchard.place.attemptsDir, lastAttempt(lane.attempts)?.token ?? "");
}

function worktreeOf(driver: Driver, lane: Lane): string {
  return join(driver.orchard.place.mainRoot, lane.worktree?.path ?? "");
}
