import { OrchardError } from "@orchard/kernel";
import { type Receipt, shownCommand, shownEnd } from "@orchard/tracker-core";
import type { LanesInCircle } from "./execute/lanes-in-circle.ts";

export function notARepository(folder: string): OrchardError {
  return new OrchardError({
    code: "NOT_A_REPOSITORY",
    kind: "state",
    message: `${folder} is not inside a git repository.`,
    hint: "Go to your repository, or make one: git init",
    details: { folder },
  });
}

export function bareRepository(folder: string): OrchardError {
  return new OrchardError({
    code: "BARE_REPOSITORY",
    kind: "state",
    message: `${folder} is a bare repository; Orchard needs a checkout.`,
    hint: "Work in a clone of it: git clone <url> <folder>",
    details: { folder },
  });
}

/**
 * One thing that is wrong with what a person wrote, and where, as far as that is known: line and column count from 1.
 */
export interface InputProblem {
  readonly line?: number;
  readonly column?: number;
  readonly field?: string;
  readonly message: string;
}

/** `INVALID_INPUT`, a line a problem (the first 20); `source` says what was read, mostly a file. */
export function invalidInput(source: string, problems: readonly InputProblem[]): OrchardError {
  const shown = problems.slice(0, 20).map((problem) => sentence(source, problem));
  const more = problems.length > shown.length ? [`… and ${problems.length - shown.length} more`] : [];
  return new OrchardError({
    code: "INVALID_INPUT",
    kind: "user",
    message: [...shown, ...more].join("\n"),
    hint: "Mend it and run the command again; nothing was changed.",
    details: { source, problems },
  });
}

function sentence(source: string, { line, column, field, message }: InputProblem): string {
  const place = line === undefined ? source : `${source}:${line}:${column ?? 1}`;
  return field === undefined || field === "" ? `${place}: ${message}` : `${place}: field "${field}": ${message}`;
}

export function driverActive(driver: {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: string;
}): OrchardError {
  return new OrchardError({
    code: "DRIVER_ACTIVE",
    kind: "state",
    message: `Another orch drives this repository: pid ${driver.pid}, started ${driver.startedAt} (${driver.command}).`,
    hint: "Wait until it ends, and watch it: orch status",
    details: { ...driver },
  });
}

/** `NO_AGENT`: nobody said who works in the lane, and of those `atHand` (installed or configured) there is not just one. */
export function noAgent(lane: string, atHand: readonly string[]): OrchardError {
  const found =
    atHand.length === 0
      ? "none is installed or configured"
      : `several are installed or configured: ${atHand.join(", ")}`;
  return new OrchardError({
    code: "NO_AGENT",
    kind: "state",
    message: `No agent is chosen for lane "${lane}", and ${found}.`,
    hint: `Choose one: orch execute --agent <name>, "agent" in orch.config.jsonc, or "command" in the lane. See: orch agents`,
    details: { lane, installed: atHand },
  });
}

/** `UNKNOWN_AGENT`: the lane's agent, or the one chosen for it, is none of the `known` ones. */
export function unknownAgent(lane: string, name: string, known: readonly string[]): OrchardError {
  return new OrchardError({
    code: "UNKNOWN_AGENT",
    kind: "state",
    message: `Agent "${name}" is not known or not installed, so lane "${lane}" cannot start.`,
    hint: `${known.length === 0 ? "No agent is installed or configured" : `There are: ${known.join(", ")}`}; see: orch agents. Any program works as a lane's "command".`,
    details: { lane, agent: name },
  });
}

export function unknownBase(base: string): OrchardError {
  return new OrchardError({
    code: "BASE_MISSING",
    kind: "state",
    message: `The base branch "${base}" does not exist.`,
    hint: "Name one that does: orch init --base <branch>",
    details: { base },
  });
}

/** `BASE_DIFFERS`: a repository keeps the base that it was set up with. Both are names of branches. */
export function baseDiffers(wanted: string, base: string): OrchardError {
  return new OrchardError({
    code: "BASE_DIFFERS",
    kind: "state",
    message: `Orchard is set up here with base branch "${base}", not "${wanted}"; nothing was changed.`,
    hint: `Lanes land on "${base}". Keep it: orch init. See what is under way: orch status`,
    details: { wanted, base },
  });
}

export function detachedHead(): OrchardError {
  return new OrchardError({
    code: "DETACHED_HEAD",
    kind: "state",
    message: "HEAD is not on a branch, so there is no base branch to take.",
    hint: "Name the branch that lanes land on: orch init --base <branch>",
  });
}

export function noCommits(): OrchardError {
  return new OrchardError({
    code: "NO_COMMITS",
    kind: "state",
    message: "The repository has no commit yet, so there is nothing to start lanes from.",
    hint: 'Make the first one: git commit --allow-empty -m "first"',
  });
}

/** `command`: what a person runs again, which has an option for such a base. */
export function redBase(receipt: Receipt, command: string): OrchardError {
  const { commit, digest, tail, elapsedMs } = receipt;
  const ended = `${shownEnd(receipt)} after ${(elapsedMs / 1000).toFixed(1)} s, output ${digest.slice(0, 12)}`;
  return new OrchardError({
    code: "RED_BASE",
    kind: "state",
    message: `The base itself does not pass "${shownCommand(receipt)}" at ${commit.slice(0, 10)} (${ended}); no lane is blamed and nothing was landed.\n${tail}`,
    hint: `Mend the base branch, commit, and run: ${command}. To go on all the same, where what lands may add no failure: ${command} --allow-red-base`,
    details: { commit, command: shownCommand(receipt), receipt },
  });
}

export function baseConflict(base: string, files: readonly string[], reason?: string): OrchardError {
  const why = reason === undefined ? "" : ` ${reason}.`;
  return new OrchardError({
    code: "BASE_CONFLICT",
    kind: "conflict",
    message: `The commits that ${base} gained and the landed work contradict each other in ${files.join(", ")}.${why}`,
    hint: `Bring the landed work into your branch yourself: git merge refs/orch/landed/${base}; then run: orch sync`,
    details: { base, files },
  });
}

/** With `"completeOn": "merge"`. */
export function lanesWaitForEver({ lanes, waits }: LanesInCircle): OrchardError {
  const which = lanes.length === 1 ? `Lane "${lanes[0]}"` : `Lanes ${lanes.map((id) => `"${id}"`).join(" and ")}`;
  return new OrchardError({
    code: "LANES_IN_CIRCLE",
    kind: "user",
    message: `${which} would wait for ever with "completeOn": "merge", where a task counts once its lane has landed: ${waits.join(", ")}, and a lane lands whole.`,
    hint: 'Give tasks that depend on each other lanes of their own, or let finished work count at once: "completeOn": "work".',
    details: { lanes, waits },
  });
}

export function branchTaken(lane: string, branch: string): OrchardError {
  return new OrchardError({
    code: "BRANCH_TAKEN",
    kind: "state",
    message: `Branch "${branch}" exists already and belongs to no lane here, so lane "${lane}" cannot have it.`,
    hint: `Choose another lane id, or rename that branch, which keeps its commits: git branch -m ${branch} <new name>`,
    details: { lane, branch },
  });
}

export function worktreeUnusable(lane: string, what: string, cause?: unknown): OrchardError {
  return new OrchardError({
    code: "WORKTREE_UNUSABLE",
    kind: "state",
    message: `Lane "${lane}" cannot be tried again: ${what}`,
    hint: `Have what is left of it kept and its place freed: orch doctor --repair; then: orch retry ${lane}`,
    details: { lane },
    cause,
  });
}

export function folderTaken(lane: string, folder: string): OrchardError {
  return new OrchardError({
    code: "FOLDER_TAKEN",
    kind: "state",
    message: `${folder} exists already and is not Orchard's, so lane "${lane}" cannot have it.`,
    hint: "Choose another lane id, or move that folder away.",
    details: { lane, folder },
  });
}

/** `INTERRUPTED`; `active` agents go on working. `goOn`: the commands that go on with it. */
export function interrupted(active: number, goOn = "orch resume"): OrchardError {
  return new OrchardError({
    code: "INTERRUPTED",
    kind: "interrupted",
    message:
      active === 0
        ? "Interrupted. Nothing is running."
        : `Interrupted. ${active} ${active === 1 ? "agent goes" : "agents go"} on working without orch.`,
    hint: active === 0 ? `Go on: ${goOn}` : `Go on: ${goOn}. End the agents, keeping their work: orch stop`,
    details: { active },
  });
}

export function nothingToResolve(lane: string | undefined): OrchardError {
  return new OrchardError({
    code: "NOTHING_TO_RESOLVE",
    kind: "state",
    message: lane === undefined ? "No lane is in conflict." : `Lane "${lane}" is not in conflict.`,
    hint: "See what waits: orch status",
  });
}

export function resolveUnfinished(lane: string, folder: string, what: string): OrchardError {
  return new OrchardError({
    code: "RESOLVE_UNFINISHED",
    kind: "state",
    message: `The conflict of lane "${lane}" is not resolved yet: ${what} in ${folder}.`,
    hint: "There: edit the files, git add them, git merge --continue; then run: orch merge",
    details: { lane, folder },
  });
}
