import {
  type BroughtTask,
  findTask,
  findTaskWorktree,
  type OutOfStep,
  outOfStep,
  type Progress,
  type TaskName,
  type TaskWorktree,
  type WorktreeMove,
} from "@orchard/tracker-core";
import {
  bringIn,
  type Composed,
  containedIn,
  type Hub,
  type Oid,
  parseOid,
  type Repository,
  replaceCommits,
} from "@orchard/worktree-git";

/** What is to change about the code of other tasks in a worktree. */
export interface Wanted {
  /** Parts whose code is to be another, in order. */
  readonly replace: readonly OutOfStep[];
  /** Finished tasks whose code is missing. */
  readonly bring: readonly (TaskName & { readonly commit: string })[];
}

export type Composition =
  | {
      readonly kind: "composed";
      readonly to: Oid;
      readonly brought: readonly BroughtTask[];
    }
  | {
      readonly kind: "conflicted";
      readonly with: TaskName;
      readonly onto: Oid;
      readonly theirs: Oid;
      readonly base?: Oid | undefined;
      readonly files: readonly string[];
      /** What the worktree contains once the conflict is resolved; `by` is empty for what the resolution brings. */
      readonly brought: readonly BroughtTask[];
    };

/** Computes the commit that has what is wanted, in memory: no file and no ref changes. */
export async function compose(
  hub: Hub,
  progress: Progress,
  { head, worktree, wanted }: { readonly head: Oid; readonly worktree: string; readonly wanted: Wanted },
): Promise<Composition> {
  const before = findTaskWorktree(progress, worktree)?.brought ?? [];
  const replaced = await replace(hub, progress, head, { before, parts: wanted.replace });
  const composed = replaced.kind === "conflicted" ? replaced : await bring(hub, progress, replaced, wanted.bring);
  // What comes along with another's work may be the worktree's own.
  const own = new Set(ownWork(progress, worktree).map(nameOf));
  return { ...composed, brought: composed.brought.filter((part) => !own.has(nameOf(part))) };
}

async function replace(
  hub: Hub,
  progress: Progress,
  head: Oid,
  { before, parts }: { readonly before: readonly BroughtTask[]; readonly parts: readonly OutOfStep[] },
): Promise<Composition> {
  const steps = parts.flatMap(({ part, why, replacement }) => (replacement ? [{ part, why, replacement }] : []));
  const composed = await replaceCommits(hub, {
    head,
    replacements: steps.map(({ part, why, replacement }) => ({
      from: parseOid(replacement.from),
      to: parseOid(replacement.to),
      message: `${WORDS[why]} ${part.spec}/${part.task}\n\nOrchard-Restack: ${part.spec}/${part.task}\n`,
    })),
  });
  const doneUpTo = composed.kind === "composed" ? steps.length : composed.at + 1;
  const by = (index: number) => doneSteps(composed)[index]?.by ?? "";
  const brought = steps
    .slice(0, doneUpTo)
    .reduce((parts_, { part, why }, index) => merged(parts_, after(progress, part, why, by(index))), before);
  if (composed.kind === "composed") return { kind: "composed", to: composed.commit, brought };
  return conflict(composed, steps[composed.at]!.part, brought);
}

async function bring(
  hub: Hub,
  progress: Progress,
  from: Extract<Composition, { kind: "composed" }>,
  missing: Wanted["bring"],
): Promise<Composition> {
  const composed = await bringIn(hub, {
    head: from.to,
    commits: missing.map(({ spec, task, commit }) => ({
      commit: parseOid(commit),
      message: `Bring in ${spec}/${task}\n\nOrchard-Brings: ${spec}/${task}\n`,
    })),
  });
  const doneUpTo = composed.kind === "composed" ? missing.length : composed.at + 1;
  const by = (index: number) => doneSteps(composed)[index]?.by ?? "";
  const brought = missing
    .slice(0, doneUpTo)
    .reduce((parts, name, index) => merged(parts, closureOf(progress, name, by(index))), from.brought);
  if (composed.kind === "composed") return { kind: "composed", to: composed.commit, brought };
  return conflict(composed, missing[composed.at]!, brought);
}

const WORDS = { replaced: "Update", rejected: "Take out", accepted: "Put back", redone: "Update", gone: "Update" };

function doneSteps(composed: Composed) {
  return composed.kind === "composed" ? composed.steps : composed.done;
}

function conflict(
  { onto, theirs, base, files }: Extract<Composed, { kind: "conflicted" }>,
  { spec, task }: TaskName,
  brought: readonly BroughtTask[],
): Composition {
  const paths = files.map(({ path }) => path);
  return { kind: "conflicted", with: { spec, task }, onto, theirs, base, files: paths, brought };
}

/** A part and everything that came along with it, once it is what its task stands for. */
function after(progress: Progress, part: BroughtTask, why: OutOfStep["why"], by: string): readonly BroughtTask[] {
  if (why === "rejected") return [{ ...part, by, takenOut: true }];
  return closureOf(progress, part, by);
}

/** The work of a task and of those that its commit contains. */
export function closureOf(progress: Progress, { spec, task }: TaskName, by: string): readonly BroughtTask[] {
  const work = findTask(progress, spec, task)?.work;
  if (work?.commit === undefined) return [];
  const along = work.contains.flatMap((part): readonly BroughtTask[] => {
    const start = findTask(progress, spec, part.task)?.work?.start;
    return start === undefined ? [] : [{ spec, by, start, ...part }];
  });
  return [...along, { spec, task, commit: work.commit, by, start: work.start }];
}

/** What is there now in place of what was known before. Taken out stays so where only an older commit comes along. */
function merged(before: readonly BroughtTask[], now: readonly BroughtTask[]): readonly BroughtTask[] {
  const names = new Set(now.map(nameOf));
  return [...before.filter((part) => !names.has(nameOf(part))), ...now];
}

function nameOf({ spec, task }: TaskName): string {
  return `${spec}/${task}`;
}

/**
 * The parts of `worktree` that a restack changes, those left out whose change comes with another's: whoever built on it
 * has restacked already, and what they resolved is not asked for again.
 */
export async function partsToReplace(
  repository: Repository,
  progress: Progress,
  worktree: TaskWorktree,
): Promise<readonly OutOfStep[]> {
  const ready = outOfStep(progress, worktree).filter(({ replacement }) => replacement !== undefined);
  const kept: OutOfStep[] = [];
  for (const one of ready) if (!(await comesWithAnother(repository, progress, one, ready))) kept.push(one);
  return kept;
}

async function comesWithAnother(
  repository: Repository,
  progress: Progress,
  one: OutOfStep,
  all: readonly OutOfStep[],
): Promise<boolean> {
  for (const other of all) {
    if (other === one || other.why === "rejected" || other.part.spec !== one.part.spec) continue;
    const inNew = findTask(progress, other.part.spec, other.part.task)?.work?.contains.find(
      ({ task }) => task === one.part.task,
    );
    const isSame =
      inNew !== undefined &&
      (one.why === "rejected"
        ? inNew.takenOut === true
        : inNew.takenOut !== true && inNew.commit === one.replacement?.to);
    if (!isSame) continue;
    if (await repository.isAncestor(parseOid(one.part.commit), parseOid(other.part.commit))) return true;
  }
  return false;
}

/** Commits that prove the worktree's own finished tasks, with the same parts replaced as in the worktree itself. */
export async function replaceInProofs(
  hub: Hub,
  progress: Progress,
  {
    worktree,
    head,
    to,
    parts,
  }: {
    readonly worktree: string;
    readonly head: Oid;
    readonly to: Oid;
    readonly parts: readonly OutOfStep[];
  },
): Promise<WorktreeMove["proofs"]> {
  const proofs: WorktreeMove["proofs"][number][] = [];
  for (const { spec, task, commit } of ownWork(progress, worktree)) {
    const own = parseOid(commit);
    const commits = parts.flatMap(({ replacement }) => (replacement ? [parseOid(replacement.from)] : []));
    const inside = await containedIn(hub.repo, { commits, head: own });
    const concerned = parts.filter(({ replacement }) => inside.has(parseOid(replacement?.from ?? "")));
    if (concerned.length === 0) continue;
    const proof = own === head ? to : await replacedIn(hub, own, concerned);
    proofs.push({ spec, task, from: commit, to: proof ?? to });
  }
  return proofs;
}

async function replacedIn(hub: Hub, head: Oid, parts: readonly OutOfStep[]): Promise<Oid | undefined> {
  const composed = await replaceCommits(hub, {
    head,
    replacements: parts.flatMap(({ part, replacement }) =>
      replacement === undefined
        ? []
        : [
            {
              from: parseOid(replacement.from),
              to: parseOid(replacement.to),
              message: `Restack ${part.spec}/${part.task}\n`,
            },
          ],
    ),
  });
  return composed.kind === "composed" ? composed.commit : undefined;
}

/** Finished tasks that were worked on in this worktree. */
export function ownWork(progress: Progress, worktree: string): readonly (TaskName & { readonly commit: string })[] {
  return Object.values(progress.specs).flatMap((spec) =>
    Object.values(spec.tasks).flatMap(({ id, work }) =>
      work?.commit !== undefined && work.place.worktree === worktree
        ? [{ spec: spec.name, task: id, commit: work.commit }]
        : [],
    ),
  );
}
