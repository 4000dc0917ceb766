import { OrchardError } from "@orchard/kernel";

export function noSpecs(): OrchardError {
  return new OrchardError({
    code: "NO_SPECS",
    kind: "user",
    message: "No spec of this repository has a layered-tasks.md.",
    hint: "Write one: specs/001-name/agent-tasks/layered-tasks.md",
  });
}

export function rivalSpecFiles(spec: string, paths: readonly string[]): OrchardError {
  return new OrchardError({
    code: "SPEC_TWICE",
    kind: "user",
    message: `Spec ${spec} is defined by two files: ${paths.join(" and ")}.`,
    hint: "Keep one of them; the other may lie under another name.",
    details: { spec, paths },
  });
}

export function ambiguousSpec(given: string | undefined, matches: readonly string[]): OrchardError {
  const shown = matches.slice(0, 8).join(", ");
  return new OrchardError({
    code: "AMBIGUOUS_SPEC",
    kind: "user",
    message: given === undefined ? `Several specs are here: ${shown}.` : `"${given}" names several specs: ${shown}.`,
    hint: `Say which one, for example: orbit-agent layer-status ${matches[0] ?? ""}`,
    details: { given, matches: matches.slice(0, 100) },
  });
}

export function ambiguousTask(task: string, specs: readonly string[]): OrchardError {
  return new OrchardError({
    code: "AMBIGUOUS_TASK",
    kind: "user",
    message: `${task} is a task of several specs: ${specs.join(", ")}.`,
    hint: `Say which one: ${specs[0] ?? ""}/${task}; or set ORBIT_SPEC.`,
    details: { task, specs },
  });
}

export function noName(): OrchardError {
  return new OrchardError({
    code: "NO_NAME",
    kind: "user",
    message: "It is not known which agent you are.",
    hint: "Say it: --agent NAME, or set ORBIT_AGENT.",
  });
}

export function badAgentName(text: string): OrchardError {
  return new OrchardError({
    code: "BAD_AGENT_NAME",
    kind: "user",
    message: `${JSON.stringify(text.slice(0, 80))} is not an agent's name.`,
    hint: "Use letters, digits, '.', '_' and '-', at most 64, for example: claude",
    details: { name: text.slice(0, 200) },
  });
}

export function gitDirNotWritable(folder: string, code: string): OrchardError {
  return new OrchardError({
    code: "GIT_DIR_NOT_WRITABLE",
    kind: "state",
    message: `${folder} cannot be written (${code}); claims are kept there.`,
    hint: "Your sandbox must allow writing to the repository's git folder: name it as a writable folder where the agent is started.",
    details: { folder, system: code },
  });
}

export function dirtyWorktree(path: string, files: readonly string[], count: number): OrchardError {
  const shown = files.slice(0, 10).join(", ");
  return new OrchardError({
    code: "DIRTY_WORKTREE",
    kind: "state",
    message: `${path} has work that is not committed: ${shown}${count > 10 ? ` and ${count - 10} more` : ""}.`,
    hint: "Commit it first: git add -A && git commit",
    details: { path, files: files.slice(0, 200), count },
  });
}

export function operationInProgress(path: string, operation: string): OrchardError {
  return new OrchardError({
    code: "OPERATION_IN_PROGRESS",
    kind: "state",
    message: `A ${operation} is in progress in ${path}.`,
    hint: `Finish it first: git status`,
    details: { path, operation },
  });
}

export function noCommitYet(path: string): OrchardError {
  return new OrchardError({
    code: "NO_COMMIT_YET",
    kind: "state",
    message: `${path} has no commit yet.`,
    hint: "Make the first commit: git commit",
    details: { path },
  });
}

export function onBaseBranch(path: string, branch: string, tasks: readonly string[]): OrchardError {
  return new OrchardError({
    code: "ON_BASE_BRANCH",
    kind: "state",
    message: `${path} stands on the base branch ${branch}; the code of ${tasks.join(", ")} would be merged into it.`,
    hint: `Work in a worktree of your own: git worktree add ../my-work -b my-work ${branch}`,
    details: { path, branch, tasks },
  });
}

export function worktreeChanged(path: string, what: string): OrchardError {
  return new OrchardError({
    code: "WORKTREE_CHANGED",
    kind: "state",
    message: `${path} changed while code was brought into it: ${what}. Nothing was taken.`,
    hint: "Run the command again.",
    details: { path, what },
  });
}

export function foreignClaim(task: string, path: string): OrchardError {
  return new OrchardError({
    code: "CLAIMED_ELSEWHERE",
    kind: "state",
    message: `${task} was started in another worktree: ${path}.`,
    hint: "Run the command there; or, to act for that worktree, add --takeover: it is recorded.",
    details: { task, worktree: path },
  });
}

export function badCommit(commit: string, why: string): OrchardError {
  return new OrchardError({
    code: "BAD_COMMIT",
    kind: "user",
    message: `${JSON.stringify(commit.slice(0, 80))} cannot prove the task: ${why}.`,
    hint: "See the commits of this worktree: git log --oneline",
    details: { commit: commit.slice(0, 200) },
  });
}

export function badPr(text: string): OrchardError {
  return new OrchardError({
    code: "BAD_PR",
    kind: "user",
    message: `${JSON.stringify(text.slice(0, 80))} is no pull request: a whole number from 1 on, or its https address.`,
    hint: "For example: --pr 123",
    details: { pr: text.slice(0, 200) },
  });
}

export function nothingToContinue(path: string): OrchardError {
  return new OrchardError({
    code: "NOTHING_TO_CONTINUE",
    kind: "state",
    message: `No conflict of ${path} waits to be resolved.`,
    hint: "See what is out of step: orbit-agent restack",
    details: { path },
  });
}

export function notResolvedYet(path: string, why: string): OrchardError {
  return new OrchardError({
    code: "NOT_RESOLVED_YET",
    kind: "conflict",
    message: `The conflict in ${path} is not resolved yet: ${why}.`,
    hint: `Go on there: git status, then git commit; then run the command again.`,
    details: { path },
  });
}

export function prStatesUnknown(why: string): OrchardError {
  return new OrchardError({
    code: "PR_STATES_UNKNOWN",
    kind: "state",
    message: `The states of the pull requests could not be read: ${why}.`,
    hint: 'Sign in with "gh auth login", or set "prStates" in orch.config.jsonc to a command that prints them.',
    details: { why },
  });
}

export function branchInUse(branch: string, path: string): OrchardError {
  return new OrchardError({
    code: "BRANCH_IN_USE",
    kind: "state",
    message: `The branch ${branch} is there already, and not for this conflict.`,
    hint: `Give it another name: git branch -m ${branch} ${branch}-kept`,
    details: { branch, path },
  });
}

export function noLaneHere(path: string): OrchardError {
  return new OrchardError({
    code: "NO_LANE_HERE",
    kind: "state",
    message: `${path} is the worktree of no lane.`,
    hint: "Progress of a lane is told from inside its worktree; of a task: orbit-agent note <task> <text>",
    details: { path },
  });
}

export function foreignLane(lane: string, own: string): OrchardError {
  return new OrchardError({
    code: "FOREIGN_LANE",
    kind: "state",
    message: `This is the worktree of lane "${own}"; it may not change lane "${lane}".`,
    hint: "Leave the other lane out.",
    details: { lane, own },
  });
}

export function resolveWorktree(path: string, owner: string): OrchardError {
  return new OrchardError({
    code: "RESOLVE_WORKTREE",
    kind: "state",
    message: `${path} is there to resolve a conflict of ${owner}; no task is worked on in it.`,
    hint: `Commit the resolution here, then go on in the other: cd "${owner}"`,
    details: { path, owner },
  });
}
