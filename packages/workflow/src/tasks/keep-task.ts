import {
  noteTask as decideNote,
  reopenTask as decideReopen,
  renewClaim,
  type TaskName,
  waitWithClaim,
} from "@orchard/tracker-core";
import { proofFor } from "./claim-proof.ts";
import type { TaskDesk } from "./desk.ts";
import { heldHere } from "./own-work.ts";
import { refreshSpecs } from "./read-specs.ts";
import { recordProgress } from "./record-progress.ts";
import { sightWorld } from "./sight-world.ts";

/**
 * A sign of life for a claim, or for all that the asker's worktree holds; what it waited for is over. Returns the tasks.
 * Throws `TASK_NOT_CLAIMED`, `STALE_CLAIM`.
 */
export async function heartbeat(desk: TaskDesk, name: TaskName | undefined): Promise<readonly TaskName[]> {
  const progress = await sightWorld(desk.orchard);
  const held = heldHere(progress, desk.asker.place.worktree).map(({ spec, task }) => ({ spec, task }));
  const names = name === undefined ? held : [name];
  for (const one of names) {
    const proof = await proofFor(desk, progress, one, false);
    await recordProgress(desk.orchard, `@${desk.asker.agent} works on ${one.task}`, (now, at) =>
      renewClaim(now, { ...one, proof, now: at }),
    );
  }
  return names;
}

/** Keeps the claim while something outside is waited for. */
export async function blockTask(desk: TaskDesk, name: TaskName, reason: string): Promise<void> {
  const progress = await sightWorld(desk.orchard);
  const proof = await proofFor(desk, progress, name, false);
  await recordProgress(desk.orchard, `${name.task} waits: ${reason}`, (now) =>
    waitWithClaim(now, { ...name, proof, reason }),
  );
}

/** Anybody may say something about a task. */
export async function noteTask(desk: TaskDesk, name: TaskName, text: string): Promise<void> {
  await refreshSpecs(desk.orchard);
  await sightWorld(desk.orchard);
  const by = desk.asker.agent;
  await recordProgress(desk.orchard, `note on ${name.task} by @${by}`, (now) => decideNote(now, { ...name, by, text }));
}

/** Takes a completion, failure or cancellation back. Throws `NOT_REOPENABLE`. */
export async function reopenTask(desk: TaskDesk, name: TaskName, reason: string | undefined): Promise<void> {
  await refreshSpecs(desk.orchard);
  await sightWorld(desk.orchard);
  const by = desk.asker.agent;
  await recordProgress(desk.orchard, `${name.task} reopened by @${by}`, (now) =>
    decideReopen(now, { ...name, by, reason }),
  );
}
