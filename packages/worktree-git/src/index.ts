export {
  type AdvanceOutcome,
  type AdvanceRequest,
  advanceCheckout,
  recoverAdvance,
} from "./checkout/advance-checkout.ts";
export { leftoverAdvances } from "./checkout/advance-intent.ts";
export type { Blocker } from "./checkout/blockers.ts";
export { movesSince } from "./checkout/moves-since.ts";
export { retreatCheckout } from "./checkout/retreat-checkout.ts";
export type { Settlement } from "./checkout/settle-advance.ts";
export {
  type ConflictMatrix,
  conflictMatrix,
  type Side,
  type SideConflict,
  type SideRequest,
} from "./conflicts/conflict-matrix.ts";
export { type CommittedFile, committedFiles, isPlainFile } from "./content/committed-files.ts";
export { foreignFiles } from "./content/foreign-files.ts";
export { type Blobs, openBlobs } from "./content/open-blobs.ts";
export { OLDEST_GIT } from "./errors.ts";
export type { WorktreePlace } from "./git/git-door.ts";
export { type Hub, openHub } from "./hub/hub.ts";
export type { BatchedMerge, BatchRequest, BatchResult } from "./hub/merge-many.ts";
export type { ConflictedFile, ConflictStage } from "./hub/parse-merge-tree.ts";
export type { CommitRequest, MergeRequest, MergeResult } from "./hub/requests.ts";
export { type DroppedChange, droppedChanges } from "./landing/dropped-changes.ts";
export { type FollowOutcome, followLanded, landedRef } from "./landing/follow-landed.ts";
export { followersOf, type Retreat, retreatBranch } from "./landing/retreat-branch.ts";
export { isOid, type ObjectFormat, type Oid, parseOid } from "./object-id.ts";
export { branchRef, isBranch, parseRef, type RefName, shortName } from "./ref-name.ts";
export { type CutOffRemoval, cutOffRemovals } from "./removal/cut-off-removals.ts";
export { type EmptiedTrash, emptyTrash, listTrash, type TrashItem } from "./removal/empty-trash.ts";
export { listRescues, type Rescue, showRescue } from "./removal/list-rescues.ts";
export { pinCommit } from "./removal/pin-commit.ts";
export { pinWorktree } from "./removal/pin-worktree.ts";
export { type PoolSize, pooledWorktrees } from "./removal/place-in-pool.ts";
export { putGoneAside } from "./removal/put-gone-aside.ts";
export { type Removal, type Removed, recoverRemovals, removeWorktree } from "./removal/remove-worktree.ts";
export type { RescueKey } from "./removal/rescue-name.ts";
export { type Restored, restoreRescue } from "./removal/restore-rescue.ts";
export type { TrashEntry } from "./removal/trash-entry.ts";
export {
  type RefusalReason,
  type Removability,
  type RemovableWorktree,
  type RemovalRequest,
  verifyRemovable,
} from "./removal/verify-removable.ts";
export { branchTips } from "./repository/branch-tips.ts";
export { type ExecutableSetting, notAccepted, readExecutableSettings } from "./repository/executable-settings.ts";
export { findRepository, type RepositoryPlace } from "./repository/find-repository.ts";
export { gitVersion, type OpenOptions, openRepository } from "./repository/open-repository.ts";
export type {
  ChangedPath,
  CommitInfo,
  GitIntent,
  IntentRecorder,
  Person,
  Repository,
} from "./repository/repository.ts";
export { type AlreadyIn, alreadyIn } from "./restack/already-in.ts";
export { type BringInRequest, bringIn } from "./restack/bring-in.ts";
export type { Composed, ComposedStep } from "./restack/composed.ts";
export { type ContainedRequest, containedIn } from "./restack/contained-in.ts";
export { findRewritten, type RewrittenRequest } from "./restack/find-rewritten.ts";
export { type Replacement, type ReplaceRequest, replaceCommits } from "./restack/replace-commits.ts";
export { type ResolutionSought, resolvedCommit } from "./restack/resolved-commit.ts";
export { putAbandonedLockAside } from "./worktrees/abandoned-lock.ts";
export { type AddRequest, addWorktree, type ReadyWorktree } from "./worktrees/add-worktree.ts";
export { beginMerge, type MergeToBegin } from "./worktrees/begin-merge.ts";
export { commitEverything } from "./worktrees/commit-everything.ts";
export { findWorktree, requireWorktree } from "./worktrees/find-worktree.ts";
export { type IgnoredFiles, ignoredFilesNamed, ignoredIn } from "./worktrees/ignored-files.ts";
export { inspectWorktree, type PathList, type WorktreeState } from "./worktrees/inspect-worktree.ts";
export { type Activity, lastActivity } from "./worktrees/last-activity.ts";
export { leftRegistrations, settleRegistrations } from "./worktrees/left-registrations.ts";
export { makeWorktreeStateFolder } from "./worktrees/make-worktree-state-folder.ts";
export {
  findMovedWorktree,
  followMove,
  leftBehindRegistration,
  moveWorktreeBack,
} from "./worktrees/moved-worktree.ts";
export type { Operation } from "./worktrees/operation.ts";
export { readWorktrees, type Worktree, type WorktreeSnapshot } from "./worktrees/read-worktrees.ts";
export { type Scratch, scratchWorktree } from "./worktrees/scratch-worktree.ts";
export { setChangesAside } from "./worktrees/set-changes-aside.ts";
export { worktreeStateFolder } from "./worktrees/worktree-state-folder.ts";
export { awaitWriters } from "./worktrees/writers.ts";
