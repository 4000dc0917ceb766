import { OrchardError, printable, printableLine } from "@orchard/kernel";

/** git's oldest version that has every call we make (`merge-tree --write-tree -z`). */
export const OLDEST_GIT = "2.39";

export function badObjectId(text: string): OrchardError {
  return new OrchardError({
    code: "BAD_OBJECT_ID",
    kind: "user",
    message: `${quoted(text)} is not a full object id.`,
    hint: "Give all 40 (or 64) hex digits, as `git rev-parse --verify <name>` prints them.",
  });
}

export function badRef(text: string, why: string): OrchardError {
  return new OrchardError({
    code: "BAD_REF",
    kind: "user",
    message: `${quoted(text)} is not a full ref name: ${why}.`,
    hint: "A branch is written refs/heads/<name>.",
  });
}

export function badRescueName(text: string, why: string): OrchardError {
  return new OrchardError({
    code: "BAD_RESCUE_NAME",
    kind: "user",
    message: `${quoted(text)} cannot name a rescue: ${why}.`,
    hint: "`orch rescue list` prints the names.",
  });
}

export function notARepository(path: string): OrchardError {
  return new OrchardError({
    code: "NOT_A_REPOSITORY",
    kind: "state",
    message: `There is no git repository at ${quoted(path)} or above it.`,
    hint: "Change into a repository, or make one with `git init`.",
  });
}

export function bareRepository(path: string): OrchardError {
  return new OrchardError({
    code: "BARE_REPOSITORY",
    kind: "state",
    message: `${quoted(path)} is a bare repository: it has no checkout to land work in.`,
    hint: "Clone it and run Orchard in the clone.",
  });
}

export function mainRootUnknown(commonDir: string): OrchardError {
  return new OrchardError({
    code: "MAIN_ROOT_UNKNOWN",
    kind: "state",
    message: `The main checkout of ${quoted(commonDir)} cannot be told from this linked worktree.`,
    hint: "Run the command in the main checkout.",
  });
}

export function gitMissing(cause: unknown): OrchardError {
  return new OrchardError({
    code: "GIT_MISSING",
    kind: "state",
    message: "The program git was not found on the PATH.",
    hint: `Install git ${OLDEST_GIT} or newer.`,
    cause,
  });
}

export function gitTooOld(found: string): OrchardError {
  return new OrchardError({
    code: "GIT_TOO_OLD",
    kind: "state",
    message: `git ${printableLine(found, 40)} is too old: ${OLDEST_GIT} or newer is needed.`,
    hint: "Install a newer git, or put one first on the PATH.",
    details: { found, needed: OLDEST_GIT },
  });
}

export function gitFailed(command: string, code: number | string, stderr: string): OrchardError {
  return new OrchardError({
    code: "GIT_FAILED",
    kind: "failed",
    message: `git ${command} ended with ${code}: ${printableLine(lastLine(stderr), 300) || "it said nothing"}`,
    details: { command, exit: code, stderr: printable(stderr.slice(-4000)) },
  });
}

export function gitTimedOut(command: string, limitMs: number): OrchardError {
  return new OrchardError({
    code: "GIT_TIMED_OUT",
    kind: "failed",
    message: `git ${command} was ended: it took longer than ${Math.round(limitMs / 1000)} s.`,
    hint: "Look for a full disk or a hanging file system, then run the command again.",
    details: { command, limitMs },
  });
}

export function gitOutputTooLarge(command: string, limit: number): OrchardError {
  return new OrchardError({
    code: "GIT_OUTPUT_TOO_LARGE",
    kind: "failed",
    message: `git ${command} was ended: it printed more than ${limit} bytes.`,
    details: { command, limit },
  });
}

export function partialClone(): OrchardError {
  return new OrchardError({
    code: "PARTIAL_CLONE",
    kind: "state",
    message: "This is a partial clone: objects that a merge needs are only on the remote.",
    hint: "Make a full clone, or fetch everything with `git fetch --refetch --no-filter` and unset extensions.partialClone.",
  });
}

export function noCommits(branch: string | undefined): OrchardError {
  return new OrchardError({
    code: "NO_COMMITS",
    kind: "state",
    message: `${branch === undefined ? "The repository" : quoted(branch)} has no commit yet.`,
    hint: "Make a first commit, then run the command again.",
  });
}

export function baseMissing(base: string): OrchardError {
  return new OrchardError({
    code: "BASE_MISSING",
    kind: "state",
    message: `The base branch ${quoted(base)} does not exist.`,
    hint: "`git branch --list` shows the branches there are.",
    details: { base },
  });
}

export function objectMissing(oid: string): OrchardError {
  return new OrchardError({
    code: "OBJECT_MISSING",
    kind: "state",
    message: `The object ${quoted(oid)} is not in the repository.`,
    hint: "`git fsck` tells what else is missing.",
    details: { oid },
  });
}

export function unrelatedHistories(ours: string, theirs: string): OrchardError {
  return new OrchardError({
    code: "UNRELATED_HISTORIES",
    kind: "conflict",
    message: `${ours.slice(0, 12)} and ${theirs.slice(0, 12)} have no commit in common, so they cannot be merged.`,
    details: { ours, theirs },
  });
}

export function commitNotContained(commit: string, head: string): OrchardError {
  return new OrchardError({
    code: "COMMIT_NOT_CONTAINED",
    kind: "state",
    message: `${head.slice(0, 12)} does not contain ${commit.slice(0, 12)}, so nothing can take its place there.`,
    hint: "`git log` shows what it contains; the branch was moved by somebody since it was recorded.",
    details: { commit, head },
  });
}

export function refLocked(ref: string): OrchardError {
  return new OrchardError({
    code: "REF_LOCKED",
    kind: "lock",
    message: `Another git process holds the lock of ${quoted(ref)}.`,
    hint: "Let it end, then run the command again.",
    details: { ref },
  });
}

export function branchExists(branch: string, commit: string | undefined, why: string): OrchardError {
  return new OrchardError({
    code: "BRANCH_EXISTS",
    kind: "state",
    message: `The branch ${quoted(branch)} cannot be made: ${why}.`,
    hint: "Choose another name, or look at it with `git log`.",
    details: { branch, commit },
  });
}

export function branchInUse(branch: string, worktree: string): OrchardError {
  return new OrchardError({
    code: "BRANCH_IN_USE",
    kind: "state",
    message: `The branch ${quoted(branch)} is checked out in ${quoted(worktree)}.`,
    details: { branch, worktree },
  });
}

export function folderExists(path: string): OrchardError {
  return new OrchardError({
    code: "FOLDER_EXISTS",
    kind: "state",
    message: `${quoted(path)} is already there and was not made by Orchard.`,
    hint: "Move it away or choose another place.",
    details: { path },
  });
}

export function unusablePath(path: string, why: string): OrchardError {
  return new OrchardError({
    code: "UNUSABLE_PATH",
    kind: "user",
    message: `${quoted(path)} cannot hold a worktree: ${why}.`,
    details: { path },
  });
}

export function worktreeTampered(path: string, what: string): OrchardError {
  return new OrchardError({
    code: "WORKTREE_TAMPERED",
    kind: "state",
    message: `The worktree ${quoted(path)} no longer points where git put it: ${what}.`,
    hint: "Nothing of Orchard runs in it. See what can be done: orch doctor",
    details: { path, what },
  });
}

export function notAWorktree(path: string): OrchardError {
  return new OrchardError({
    code: "NOT_A_WORKTREE",
    kind: "state",
    message: `${quoted(path)} is not a worktree of this repository.`,
    hint: "`git worktree list` shows those there are.",
    details: { path },
  });
}

export function operationInProgress(path: string, operation: string): OrchardError {
  return new OrchardError({
    code: "OPERATION_IN_PROGRESS",
    kind: "state",
    message: `A ${operation} is in progress in ${quoted(path)}.`,
    hint: `Finish it there with \`git ${operation} --continue\`, then run the command again.`,
    details: { path, operation },
  });
}

export function settingsNotAccepted(keys: readonly string[], why: string): OrchardError {
  return new OrchardError({
    code: "SETTINGS_NOT_ACCEPTED",
    kind: "state",
    message: `${why}, but the git settings ${keys.map(quoted).join(", ")} run programs and were not accepted.`,
    hint: "`orch doctor` shows them; `orch doctor --accept` accepts them.",
    details: { keys },
  });
}

export function checkoutIncomplete(path: string, what: string): OrchardError {
  return new OrchardError({
    code: "CHECKOUT_INCOMPLETE",
    kind: "failed",
    message: `The checkout in ${quoted(path)} is not what was asked for: ${what}.`,
    hint: "Run the command again; the half-made one is put aside first.",
    details: { path },
  });
}

export function rescueMissing(name: string, number: number): OrchardError {
  return new OrchardError({
    code: "RESCUE_MISSING",
    kind: "user",
    message: `There is nothing to restore under ${quoted(`${name}/${number}`)}.`,
    hint: "`orch rescue list` prints what there is.",
    details: { name, number },
  });
}

export function changedWhileMoving(path: string): OrchardError {
  return new OrchardError({
    code: "CHANGED_WHILE_MOVING",
    kind: "state",
    message: `${quoted(path)} changed while it was copied to another disk; it was left as it is.`,
    hint: "End what writes there, then run the command again.",
    details: { path },
  });
}

function quoted(text: string): string {
  return JSON.stringify(printableLine(text, 200));
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "";
}

export function sparseNotPossible(why: string): OrchardError {
  return new OrchardError({
    code: "SPARSE_NOT_POSSIBLE",
    kind: "state",
    message: `A worktree with some folders only cannot be made: ${why}.`,
    hint: 'Name plain folders in "sparse", or take "sparse" out of orch.config.jsonc',
  });
}
