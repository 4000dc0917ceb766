export { changePr, keepLateEvidence, noteTask, reopenTask } from "./about-task.ts";
export { type ClaimIntent, claimTask, type HolderVerdict } from "./claim-task.ts";
export {
  type ClaimProof,
  type ProgressDecision,
  requireClaim,
  requireSpec,
  requireTask,
  type TaskName,
} from "./decision.ts";
export { defineSpec, loseSpec } from "./define-spec.ts";
export { type CompleteIntent, completeTask, failTask, releaseTask } from "./end-claim.ts";
export { graceMs, judgeLease, type LeaseVerdict } from "./judge-lease.ts";
export { grantGrace, renewClaim, waitWithClaim, witnessClaim } from "./keep-claim.ts";
export { abandonMove, confirmMove, endConflict, intendMove, recordConflict } from "./move-worktree.ts";
export { noteSighting, type Sighting } from "./note-world.ts";
