import { type ClaimProof, type Progress, requireTask, type TaskName, taskNotClaimed } from "@orchard/tracker-core";
import { proofOf, readToken } from "./claim-token.ts";
import type { TaskDesk } from "./desk.ts";
import { foreignClaim } from "./errors.ts";
import { recordProgress } from "./record-progress.ts";

/**
 * The right to act for a claim: the token in this worktree's git dir; with `takeover` that of the present holder, which is
 * recorded with the task. Throws `TASK_NOT_CLAIMED`, `CLAIMED_ELSEWHERE`.
 */
export async function proofFor(
  desk: TaskDesk,
  progress: Progress,
  name: TaskName,
  takeover: boolean,
): Promise<ClaimProof> {
  const { orchard, asker } = desk;
  const claim = requireTask(progress, name).record?.claim;
  const token = await readToken(asker, name);
  if (token !== undefined && token.epoch > 0) return proofOf(token);
  const early = token !== undefined && claim?.tokenHash === proofOf(token).tokenHash;
  if (claim !== undefined && early) return { epoch: claim.epoch, tokenHash: claim.tokenHash };
  if (claim === undefined) throw taskNotClaimed(name.task);
  if (!takeover) throw foreignClaim(name.task, claim.place.path);
  const text = `@${asker.agent} acted for @${claim.agent}'s claim from ${asker.place.path}`;
  await recordProgress(orchard, text, () => ({
    facts: [{ type: "task-noted", ...name, by: asker.agent, text }],
    outcome: null,
  }));
  return { epoch: claim.epoch, tokenHash: claim.tokenHash };
}
