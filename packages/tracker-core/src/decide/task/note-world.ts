import { findTask, type Progress } from "../../domain/progress.ts";
import type { SpecFact } from "../../domain/spec-fact.ts";
import type { ContainedTask } from "../../domain/task.ts";
import type { ProgressDecision, TaskName } from "./decision.ts";

/** What somebody saw of the branches: which commits took another's place, are gone, are back, or are in the base. */
export interface Sighting {
  readonly tips: Readonly<Record<string, string | null>>;
  readonly works: readonly (TaskName & { readonly commit: string } & (
      | {
          readonly kind: "replaced";
          readonly by: string;
          /** Where the work begins in the new history, and what it contains there; absent: as before. */
          readonly start?: string | undefined;
          readonly contains?: readonly ContainedTask[] | undefined;
        }
      | { readonly kind: "lost" }
      | { readonly kind: "found" }
      | { readonly kind: "landed"; readonly in: string }
      | { readonly kind: "reverted"; readonly by: string }
    ))[];
}

/** Records what was seen, as far as it still speaks of the commits on record. */
export function noteSighting(progress: Progress, { tips, works }: Sighting): ProgressDecision {
  const replaced = new Map(
    works.flatMap((seen) => (seen.kind === "replaced" ? [[nameOf(seen), seen.by] as const] : [])),
  );
  const facts: SpecFact[] = works.flatMap((seen) => factOf(progress, seen, replaced.get(nameOf(seen))) ?? []);
  const moved = Object.entries(tips).filter(([ref, tip]) => (progress.tips[ref] ?? null) !== tip);
  if (moved.length > 0) facts.push({ type: "tips-seen", tips: Object.fromEntries(moved) });
  return { facts, outcome: null };
}

/** `by`: the commit that takes the place of the recorded one with the same sighting. */
function factOf(progress: Progress, seen: Sighting["works"][number], by: string | undefined): SpecFact | undefined {
  const { spec, task } = seen;
  const work = findTask(progress, spec, task)?.work;
  const isKnown = work?.commit === seen.commit || (seen.kind === "landed" && by === seen.commit);
  if (work === undefined || !isKnown) return undefined;
  if (seen.kind === "replaced")
    return {
      type: "work-replaced",
      spec,
      task,
      from: seen.commit,
      to: seen.by,
      start: seen.start,
      contains: seen.contains,
    };
  if (seen.kind === "landed") {
    return work.landed === undefined ? { type: "work-landed", spec, task, commit: seen.in } : undefined;
  }
  if (seen.kind === "reverted") {
    const pr = { ...findTask(progress, spec, task)?.pr, status: "rejected" } as const;
    return { type: "pr-changed", spec, task, pr, by: `revert in ${seen.by.slice(0, 10)}` };
  }
  const isLost = work.lostAt !== undefined;
  if (seen.kind === "lost") return isLost ? undefined : { type: "work-lost", spec, task, commit: seen.commit };
  return isLost ? { type: "work-found", spec, task, commit: seen.commit } : undefined;
}

function nameOf({ spec, task }: TaskName): string {
  return `${spec}/${task}`;
}
