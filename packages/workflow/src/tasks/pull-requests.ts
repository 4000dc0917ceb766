import {
  changePr as decidePr,
  findTask,
  noteSighting,
  type Progress,
  type PrStatus,
  type PullRequest,
  recordedTasks,
  type TaskName,
} from "@orchard/tracker-core";
import { containedIn, parseOid } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import type { TaskDesk } from "./desk.ts";
import { badPr } from "./errors.ts";
import { type PrState, readPrStates } from "./read-pr-states.ts";
import { refreshSpecs } from "./read-specs.ts";
import { recordProgress } from "./record-progress.ts";
import { sightWorld } from "./sight-world.ts";

/** Records what became of a task's pull request. Throws `NO_WORK_YET`, `OTHER_COMMIT`. */
export async function changePr(
  desk: TaskDesk,
  name: TaskName,
  { pr, commit }: { readonly pr: PullRequest; readonly commit?: string | undefined },
): Promise<void> {
  await refreshSpecs(desk.orchard);
  await sightWorld(desk.orchard);
  await recordProgress(desk.orchard, `pull request of ${name.task}: ${pr.status}`, (now) =>
    decidePr(now, { ...name, by: desk.asker.agent, pr, commit }),
  );
}

/** `123`, `#123`, or the address of one. Throws `BAD_PR`. */
export function parsePr(text: string): { readonly number?: number; readonly url?: string } {
  const number = /^#?([1-9]\d{0,8})$/.exec(text)?.[1];
  if (number !== undefined) return { number: Number(number) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    (url.protocol !== "https:" && url.protocol !== "http:") ||
    url.username !== "" ||
    text.length > 500
  ) {
    throw badPr(text);
  }
  const inPath = /\/(?:pull|pulls|merge_requests|pull-requests)\/([1-9]\d{0,8})\/?$/.exec(url.pathname)?.[1];
  return { url: url.href, ...(inPath === undefined ? {} : { number: Number(inPath) }) };
}

export interface PrChange extends TaskName {
  readonly number: number;
  readonly before: PrStatus;
  readonly after: PrStatus;
}

/** Asks for the states of all pull requests that tasks name, and records what changed. Throws `PR_STATES_UNKNOWN`. */
export async function syncPrs(orchard: Orchard, by: string): Promise<readonly PrChange[]> {
  await refreshSpecs(orchard);
  const progress = await sightWorld(orchard);
  const asked = withPrs(progress);
  if (asked.length === 0) return [];
  const states = await readPrStates(
    orchard,
    asked.map(({ number }) => number),
  );
  const changes: PrChange[] = [];
  for (const { spec, task, number } of asked) {
    const found = states.get(number);
    const before = findTask(progress, spec, task)?.pr?.status ?? "none";
    if (found === undefined) continue;
    await noteMerge(orchard, progress, { spec, task }, found);
    if (found.status === before) continue;
    await recordProgress(orchard, `pull request #${number} of ${task}: ${found.status}`, (now) => {
      const pr: PullRequest = { number, status: found.status, ...(found.url === undefined ? {} : { url: found.url }) };
      return decidePr(now, { spec, task, by, pr });
    });
    changes.push({ spec, task, number, before, after: found.status });
  }
  return changes;
}

/** The merge made one commit of the work (a squash): who contains the work shall contain that instead. */
async function noteMerge(
  orchard: Orchard,
  progress: Progress,
  name: TaskName,
  { mergeCommit }: PrState,
): Promise<void> {
  const commit = findTask(progress, name.spec, name.task)?.work?.commit;
  if (mergeCommit === undefined || commit === undefined || mergeCommit === commit) return;
  const repository = await orchard.repository();
  const merged = parseOid(mergeCommit);
  const known = await containedIn(repository, { commits: [merged], head: merged });
  if (known.size === 0) return;
  const contained = await repository.isAncestor(parseOid(commit), merged);
  const landed = { ...name, commit: contained ? commit : merged, kind: "landed", in: merged } as const;
  const works = contained ? [landed] : [{ ...name, commit, kind: "replaced", by: merged } as const, landed];
  await recordProgress(orchard, `${name.task} was merged`, (now) => noteSighting(now, { tips: {}, works }));
}

function withPrs(progress: Progress): readonly (TaskName & { readonly number: number })[] {
  return recordedTasks(progress).flatMap(({ spec, task, record: { pr, work } }) =>
    pr?.number === undefined || work === undefined ? [] : [{ spec, task, number: pr.number }],
  );
}
