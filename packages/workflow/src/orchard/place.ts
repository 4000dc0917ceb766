import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { isSystemError } from "@orchard/kernel";
import { findRepository, type RepositoryPlace } from "@orchard/worktree-git/find-repository";
import { bareRepository, notARepository } from "../errors.ts";

/** Where everything of one repository lies. All paths are absolute. */
export interface Place {
  readonly repository: RepositoryPlace;
  readonly mainRoot: string;
  /** Journal, folds, attempts, trash: the truth. */
  readonly stateDir: string;
  readonly attemptsDir: string;
  /** Views and logs for people. */
  readonly orchestrationDir: string;
  readonly trackerFile: string;
  readonly worktreesDir: string;
}

/**
 * The place that `cwd` belongs to, also from a sub-folder or from inside a worktree, found without calling git.
 * Throws `NOT_A_REPOSITORY` or `BARE_REPOSITORY`.
 */
export function findPlace(cwd: string): Place {
  const repository = findRepository(cwd);
  if (repository === undefined) throw notARepository(cwd);
  if (repository.bare) throw bareRepository(repository.commonDir);
  const mainRoot = repository.mainRoot;
  const stateDir = relocated(repository.commonDir) ?? join(repository.commonDir, "orch");
  const orchestrationDir = join(mainRoot, ".orchestration");
  return {
    repository,
    mainRoot,
    stateDir,
    attemptsDir: join(stateDir, "attempts"),
    orchestrationDir,
    trackerFile: join(orchestrationDir, "tracker.json"),
    worktreesDir: join(mainRoot, ".worktrees"),
  };
}

/** Recorded at `init` with `ORCH_STATE_DIR`, for a repository that lies on a file system that cannot hold the journal. */
export function locationFile(commonDir: string): string {
  return join(commonDir, "orch", "location");
}

/** Absolute path of a lane's worktree, whether it stands there or not. */
export function worktreePath(place: Place, lane: LaneId): string {
  return join(place.worktreesDir, `agent-${lane}`);
}

/** Absolute path of the worktree in which a person resolves a lane's conflict, whether it stands there or not. */
export function resolvePath(place: Place, lane: LaneId): string {
  return join(place.worktreesDir, `resolve-${lane}`);
}

/** Short name of a lane's branch. */
export function branchOf(lane: LaneId): string {
  return `lane-${lane}`;
}

function relocated(commonDir: string): string | undefined {
  try {
    const location = readFileSync(locationFile(commonDir), "utf8").replace(/\n$/, "");
    return isAbsolute(location) ? location : resolve(commonDir, location);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
