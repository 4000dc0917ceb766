import { basename, join, relative } from "node:path";
import {
  type BroughtTask,
  endConflict,
  findTaskWorktree,
  type Progress,
  recordConflict,
  recordedTasks,
  type TaskName,
  type WorktreeConflict,
} from "@orchard/tracker-core";
import {
  beginMerge,
  inspectWorktree,
  type Oid,
  parseOid,
  parseRef,
  type RefName,
  removeWorktree,
  resolvedCommit,
  verifyRemovable,
} from "@orchard/worktree-git";
import { pathExists } from "../orchard/path-exists.ts";
import { nameOf } from "./brought.ts";
import type { Composition } from "./compose.ts";
import type { TaskDesk } from "./desk.ts";
import { branchInUse, resolveWorktree } from "./errors.ts";
import type { TaskConflict } from "./outcomes.ts";
import { pinCommit } from "./pin-commit.ts";
import { recordProgress } from "./record-progress.ts";

interface ConflictMet {
  /** The task that was to be started; absent for a restack. */
  readonly name?: TaskName | undefined;
  readonly head: Oid;
  readonly composed: Extract<Composition, { kind: "conflicted" }>;
  readonly resolve?: "hand" | undefined;
}

/**
 * What is told of a conflict. With `resolve` a worktree of its own has the merge in progress, for anybody to finish with
 * plain git; the asker's worktree is as it was.
 */
export async function offerResolve(desk: TaskDesk, progress: Progress, met: ConflictMet): Promise<TaskConflict> {
  const { composed, name } = met;
  const told: TaskConflict = {
    kind: "conflicted",
    spec: composed.with.spec,
    task: name?.task,
    with: composed.with.task,
    other: await tasksThatTouch(desk, progress, composed),
    files: composed.files,
  };
  const before = findTaskWorktree(progress, desk.asker.place.worktree)?.conflict;
  // `onto` holds what came in before the conflict: made anew it is another commit of the same content.
  const isSame = before?.from === met.head && before.theirs === composed.theirs && before.task === composed.with.task;
  if (met.resolve === undefined && !isSame) return told;
  const conflict = isSame ? before : await recordNew(desk, met, before);
  const { path, branch, onto, theirs, base } = conflict;
  await beginMerge(await desk.orchard.repository(), {
    path: join(desk.orchard.place.mainRoot, path),
    branch: parseRef(branch),
    ours: parseOid(onto),
    theirs: parseOid(theirs),
    ...(base === undefined ? {} : { base: parseOid(base) }),
    message: `Resolve ${composed.with.spec}/${composed.with.task}\n`,
    reason: REASON,
  });
  return { ...told, resolve: { path: join(desk.orchard.place.mainRoot, path), branch } };
}

/** Throws `RESOLVE_WORKTREE` where the asker stands in a worktree that a conflict of another is resolved in. */
export function refuseInResolve({ orchard, asker }: TaskDesk, progress: Progress): void {
  const { path } = asker.place;
  const owner = Object.values(progress.worktrees).find(
    ({ conflict }) => conflict !== undefined && join(orchard.place.mainRoot, conflict.path) === path,
  );
  if (owner !== undefined) throw resolveWorktree(path, owner.path);
}

const REASON = "Orchard: a conflict between tasks to resolve by hand";

/** What somebody committed as the resolution of this worktree's conflict, as far as it still fits. */
export async function readResolution(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  head: Oid,
): Promise<{ readonly head: Oid; readonly brought: readonly BroughtTask[] } | undefined> {
  const conflict = findTaskWorktree(progress, asker.place.worktree)?.conflict;
  if (conflict === undefined || conflict.from !== head) return undefined;
  const found = await resolutionOf(orchard, conflict);
  if (found === undefined) return undefined;
  return { head: found, brought: conflict.brought.map((part) => (part.by === "" ? { ...part, by: found } : part)) };
}

/** The resolution is in: its worktree goes to the trash, pinned; one in which somebody still is stays for later. */
export async function endResolve(desk: TaskDesk, how: "resolved" | "abandoned"): Promise<string | undefined> {
  const { orchard, asker } = desk;
  const { worktree } = asker.place;
  const conflict = findTaskWorktree((await orchard.folded()).state.progress, worktree)?.conflict;
  if (conflict === undefined) return undefined;
  const rescue = await putAway(desk, conflict);
  await recordProgress(orchard, `conflict of ${conflict.task} ${how}`, (progress) =>
    endConflict(progress, worktree, how),
  );
  return rescue;
}

/** A command that took the resolution in may have ended before it put its worktree away. */
export async function endTakenIn(desk: TaskDesk): Promise<void> {
  const { orchard, asker } = desk;
  const { worktree, path } = asker.place;
  const conflict = findTaskWorktree((await orchard.folded()).state.progress, worktree)?.conflict;
  if (conflict === undefined) return;
  const repository = await orchard.repository();
  const { head } = await inspectWorktree(repository, path);
  if (head === undefined || head === conflict.from) return;
  const found = await resolutionOf(orchard, conflict);
  if (found !== undefined && (await repository.isAncestor(found, head))) await endResolve(desk, "resolved");
}

async function resolutionOf(orchard: TaskDesk["orchard"], conflict: WorktreeConflict): Promise<Oid | undefined> {
  const path = join(orchard.place.mainRoot, conflict.path);
  const sides = { onto: parseOid(conflict.onto), theirs: parseOid(conflict.theirs) };
  const place = (await pathExists(path)) ? { path } : { branch: parseRef(conflict.branch) };
  return resolvedCommit(await orchard.repository(), { ...place, ...sides });
}

async function recordNew(
  desk: TaskDesk,
  met: ConflictMet,
  before: WorktreeConflict | undefined,
): Promise<WorktreeConflict> {
  const { orchard, asker } = desk;
  const { composed, name, head } = met;
  if (before !== undefined) await endResolve(desk, "abandoned");
  const slug = name === undefined ? `restack-${asker.place.worktree.slice(0, 8)}` : name.task.toLowerCase();
  const path = join(orchard.place.worktreesDir, `resolve-${slug}`);
  const branch = parseRef(`refs/heads/resolve-${slug}`);
  const repository = await orchard.repository();
  if ((await repository.resolve(branch)) !== undefined) throw branchInUse(`resolve-${slug}`, path);
  await pinCommit(repository, composed.with, composed.onto, head);
  const conflict: WorktreeConflict = {
    why: name === undefined ? "restack" : "start",
    spec: composed.with.spec,
    task: composed.with.task,
    path: relative(orchard.place.mainRoot, path),
    branch,
    onto: composed.onto,
    theirs: composed.theirs,
    base: composed.base,
    from: head,
    brought: composed.brought,
  };
  await recordProgress(orchard, `conflict with ${composed.with.task}, to be resolved in ${conflict.path}`, (progress) =>
    recordConflict(progress, asker.place, conflict),
  );
  return conflict;
}

async function putAway({ orchard }: TaskDesk, conflict: WorktreeConflict): Promise<string | undefined> {
  const repository = await orchard.repository();
  const path = join(orchard.place.mainRoot, conflict.path);
  let rescue: string | undefined;
  if (await pathExists(path)) {
    const checked = await verifyRemovable(repository, { path, recordedRoot: orchard.place.worktreesDir });
    if (checked.kind === "refused") {
      const text = `${path} stays: ${checked.reasons.map(({ why }) => why).join(", ")}`;
      orchard.ports.report({ type: "warning", text, hint: "Later: orch cleanup" });
      return undefined;
    }
    rescue = (await removeWorktree(repository, checked.worktree, { name: basename(path) })).rescue;
  }
  const branch = parseRef(conflict.branch);
  const tip = await repository.resolve(branch);
  if (tip !== undefined) await freeResolveBranch(repository, conflict, { branch, tip });
  return rescue;
}

async function freeResolveBranch(
  repository: Awaited<ReturnType<TaskDesk["orchard"]["repository"]>>,
  { spec, task }: WorktreeConflict,
  { branch, tip }: { readonly branch: RefName; readonly tip: Oid },
): Promise<void> {
  if ((await repository.checkedOutAt(branch)).length > 0) return;
  await pinCommit(repository, { spec, task }, tip);
  await repository.deleteRef(branch, tip);
}

/** Tasks whose work is in the worktree and changed one of the conflicting files. */
async function tasksThatTouch(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  { files, with: other }: Extract<Composition, { kind: "conflicted" }>,
): Promise<readonly string[]> {
  const { worktree } = asker.place;
  const repository = await orchard.repository();
  const brought = new Set((findTaskWorktree(progress, worktree)?.brought ?? []).map(nameOf));
  const found: string[] = [];
  for (const { record, ...name } of recordedTasks(progress)) {
    const { work } = record;
    const isHere = work?.place.worktree === worktree || brought.has(nameOf(name));
    if (!isHere || work?.commit === undefined || nameOf(name) === nameOf(other)) continue;
    const changed = await repository.changedPaths(parseOid(work.start), parseOid(work.commit));
    if (changed.some(({ path }) => files.includes(path))) found.push(name.task);
  }
  return found;
}
