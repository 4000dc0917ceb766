import type { BroughtTask, OutOfStep, Progress, TaskName } from "@orchard/tracker-core";
import { bringIn, type Composed, type Hub, type Oid, parseOid, replaceCommits } from "@orchard/worktree-git";
import { closureOf, merged, nameOf } from "./brought.ts";
import { type Here, stillOut } from "./what-is-here.ts";

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
  { head, here, wanted }: { readonly head: Oid; readonly here: Here; readonly wanted: Wanted },
): Promise<Composition> {
  const before = here.brought;
  const replaced = await replace(hub, progress, head, { before, parts: wanted.replace });
  const composed = replaced.kind === "conflicted" ? replaced : await bring(hub, progress, replaced, wanted.bring);
  // What comes along with another's work may be the worktree's own.
  const parts = composed.brought.filter((part) => !here.own.has(nameOf(part)));
  const at = composed.kind === "composed" ? composed.to : composed.onto;
  const putBack = new Set(wanted.replace.filter(({ why }) => why === "accepted").map(({ part }) => nameOf(part)));
  const out = [
    ...before.filter(({ takenOut }) => takenOut === true).map(nameOf),
    ...wanted.replace.filter(({ why }) => why === "rejected").map(({ part }) => nameOf(part)),
  ];
  const takenOut = new Set(out.filter((name) => !putBack.has(name)));
  return { ...composed, brought: await stillOut(hub, at, { parts, takenOut }) };
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
