import { type Progress, recordedTasks, type TaskName } from "@orchard/tracker-core";

/** Finished tasks that were worked on in this worktree. */
export function ownWork(
  progress: Progress,
  worktree: string,
): readonly (TaskName & { readonly commit: string; readonly start: string })[] {
  return recordedTasks(progress).flatMap(({ spec, task, record: { work } }) =>
    work?.commit !== undefined && work.place.worktree === worktree
      ? [{ spec, task, commit: work.commit, start: work.start }]
      : [],
  );
}

/** The tasks whose claims were taken in this worktree. */
export function heldHere(progress: Progress, worktree: string): readonly (TaskName & { readonly start: string })[] {
  return recordedTasks(progress).flatMap(({ spec, task, record: { claim } }) =>
    claim?.place.worktree === worktree ? [{ spec, task, start: claim.start }] : [],
  );
}
