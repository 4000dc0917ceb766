import {
  type BroughtTask,
  findDefinition,
  findTask,
  findTaskWorktree,
  type Progress,
  requireSpec,
  type TaskName,
  type TaskWorktree,
} from "@orchard/tracker-core";
import { containedIn, type Hub, type Oid, parseOid } from "@orchard/worktree-git";
import { closureOf, nameOf } from "./brought.ts";
import { type Composition, compose, type Wanted } from "./compose.ts";
import { readResolution } from "./conflict-worktree.ts";
import type { TaskDesk } from "./desk.ts";
import { type Followed, followProofs } from "./follow-proofs.ts";
import type { CameAlong } from "./outcomes.ts";
import { partsToReplace } from "./parts-to-replace.ts";
import { pinFollowed } from "./pin-commit.ts";
import { type Here, whatIsHere } from "./what-is-here.ts";

const NOTHING: Followed = { proofs: [], starts: [] };

/** What a start needs to know beside the composed commit. */
export interface ComposedForStart {
  readonly checked: readonly { readonly task: string; readonly commit: string | undefined }[];
  /** Tasks whose code had to come in, or to be another. */
  readonly missing: readonly string[];
  readonly leaseMs: number;
  /** A conflict that somebody resolved is part of it. */
  readonly isResolved: boolean;
  readonly followed: Followed;
}

/** Computes the commit that has the code of everything that a task depends on. Nothing is changed. */
export async function composeStart(
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
  const hub = await orchard.hub();
  const here = await whatIsHere(hub, progress, from);
  const wanted = await whatIsMissing(hub, progress, { spec: name.spec, checked, here, ...from });
  const composed = await compose(hub, progress, { head: from.head, here: wanted.here, wanted });
  const missing = [...wanted.replace.map(({ part }) => part.task), ...wanted.bring.map(({ task }) => task)];
  const leaseMs = (await orchard.config()).config.lease;
  const rest = { checked, missing, leaseMs, isResolved: resolved !== undefined };
  if (composed.kind === "conflicted" || wanted.replace.length === 0) return { ...composed, ...rest, followed: NOTHING };
  const { to } = composed;
  const followed = await followProofs(hub, progress, { worktree, head, to, parts: wanted.replace });
  await pinFollowed(await orchard.repository(), followed);
  return { ...composed, ...rest, followed };
}

interface Needing {
  readonly spec: string;
  readonly checked: ComposedForStart["checked"];
  readonly head: Oid;
  readonly record: TaskWorktree;
  readonly here: Here;
}

/**
 * The dependencies whose code the worktree lacks. Ancestry decides where nothing is on record; where a record says that
 * code was taken out again, it has to be put back.
 */
export async function whatIsMissing(
  hub: Hub,
  progress: Progress,
  { spec, checked, head, record, here }: Needing,
): Promise<Wanted & { readonly here: Here }> {
  const needed = checked.filter((each): each is { task: string; commit: string } => each.commit !== undefined);
  const inside = await containedIn(hub.repo, { commits: needed.map(({ commit }) => parseOid(commit)), head });
  const known = new Set([...here.brought.map(nameOf), ...here.own]);
  const unknown = needed.filter(({ task }) => !known.has(nameOf({ spec, task })));
  const there = unknown.filter(({ commit }) => inside.has(parseOid(commit)));
  const inherited = there.flatMap(({ task }) => closureOf(progress, { spec, task }, head));
  const brought = [...here.brought, ...inherited.filter((part) => !known.has(nameOf(part)))];
  const names = new Set(needed.map(({ task }) => nameOf({ spec, task })));
  const parts = await partsToReplace(hub, progress, { ...record, brought });
  return {
    replace: parts.filter(({ part }) => names.has(nameOf(part))),
    bring: unknown.filter((each) => !there.includes(each)).map((each) => ({ spec, ...each })),
    here: { ...here, brought },
  };
}

/** Whose code is in the worktree now and was not, or not as it is now. */
export function cameAlong(
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
