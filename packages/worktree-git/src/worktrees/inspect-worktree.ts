import { join } from "node:path";
import { notAWorktree } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree, whyTampered } from "./find-worktree.ts";
import { type Operation, operationIn } from "./operation.ts";
import { type ParsedStatus, parseStatus } from "./parse-status.ts";

/** At most this many paths of each sort are listed; the counts are whole. */
const LISTED = 200;

/** Paths of one sort, the first 200 of them; `count` counts all. */
export interface PathList {
  readonly paths: readonly string[];
  readonly count: number;
}

/** What a work tree looked like when it was inspected. */
export interface WorktreeState {
  readonly head: Oid | undefined;
  readonly branch: RefName | undefined;
  /** Differs between HEAD and index. */
  readonly staged: PathList;
  /** Differs between index and files. */
  readonly unstaged: PathList;
  /** Unmerged paths. */
  readonly conflicted: PathList;
  /** Neither tracked nor ignored; a folder that is wholly so is one entry with a slash at its end. */
  readonly untracked: PathList;
  readonly operation: Operation | undefined;
  readonly indexLock: boolean;
  /** `.git` file and `commondir` are still what git recorded; while not, nothing else here was looked at. */
  readonly intact: boolean;
}

/** What a work tree looks like now. It never takes a lock, so it never breaks anybody's commit. */
export async function inspectWorktree(repo: Repository, path: string): Promise<WorktreeState> {
  const place = await findWorktree(repo, path);
  if (place === undefined) throw notAWorktree(path);
  if ((await whyTampered(repo, place)) !== undefined) return NOT_LOOKED_AT;
  const [status, operation, indexLock] = await Promise.all([
    readStatus(repo, place, "normal"),
    operationIn(place.gitDir),
    isThere(join(place.gitDir, "index.lock")),
  ]);
  return {
    head: status.head,
    branch: status.branch,
    staged: listed(status.staged),
    unstaged: listed(status.unstaged),
    conflicted: listed(status.conflicted),
    untracked: listed(status.untracked),
    operation,
    indexLock,
    intact: true,
  };
}

/** `git status` of a work tree, without refreshing its index on disk. */
export async function readStatus(
  repo: Repository,
  place: WorktreePlace,
  untracked: "no" | "normal" | "all",
): Promise<ParsedStatus> {
  const { stdout } = await repo.door.inWorktree(place, {
    command: "status",
    options: [
      "--porcelain=v2",
      "--branch",
      "-z",
      "--no-renames",
      `--untracked-files=${untracked}`,
      "--ignore-submodules=untracked",
    ],
    limitMs: 300_000,
  });
  return parseStatus(stdout);
}

function listed(paths: readonly string[]): PathList {
  return { paths: paths.slice(0, LISTED), count: paths.length };
}

const NONE: PathList = { paths: [], count: 0 };
const NOT_LOOKED_AT: WorktreeState = {
  head: undefined,
  branch: undefined,
  staged: NONE,
  unstaged: NONE,
  conflicted: NONE,
  untracked: NONE,
  operation: undefined,
  indexLock: false,
  intact: false,
};
