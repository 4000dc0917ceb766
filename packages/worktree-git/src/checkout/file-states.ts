import { lstat, rm } from "node:fs/promises";
import { joinNul, splitNul } from "../git/paths.ts";
import type { RawChange } from "../repository/history.ts";
import type { Repository } from "../repository/repository.ts";
import { CHECKOUT_LIMIT_MS } from "../worktrees/fresh-checkout.ts";
import { type AdvanceIntent, markOf } from "./advance-intent.ts";
import { onDisk } from "./blockers.ts";
import { privateIndex } from "./own-index-lock.ts";

/** What stands on disk at a path that differs between two commits. `absent`: nothing, though the old one had it. */
export type FileState = "old" | "new" | "absent" | "foreign";

export interface StatedChange {
  readonly change: RawChange;
  readonly state: FileState;
}

/** Compares each changed path on disk with both of its versions, by content as git would store it. */
export async function readFileStates(
  repo: Repository,
  intent: AdvanceIntent,
  changes: readonly RawChange[],
): Promise<readonly StatedChange[]> {
  const asOld = changes.map(({ path, oldMode, oldOid }) => ({ path, mode: oldMode, oid: oldOid }));
  const asNew = changes.map(({ path, newMode, newOid }) => ({ path, mode: newMode, oid: newOid }));
  const notOld = await pathsUnlike(repo, intent, asOld);
  const notNew = await pathsUnlike(repo, intent, asNew);
  return Promise.all(
    changes.map(async (change) => {
      const key = change.path.toString("latin1");
      const there = await isThere(intent.root, change.path);
      return { change, state: stateOf(change, there, !notOld.has(key), !notNew.has(key)) };
    }),
  );
}

function stateOf({ status }: RawChange, there: boolean, isOld: boolean, isNew: boolean): FileState {
  if (status === "added") return there ? (isNew ? "new" : "foreign") : "old";
  if (status === "deleted") return there ? (isOld ? "old" : "foreign") : "new";
  if (!there) return "absent";
  return isNew ? "new" : isOld ? "old" : "foreign";
}

/** A path below a link, or below a file, is not there: git would not look through it either. */
async function isThere(root: string, path: Buffer): Promise<boolean> {
  for (let end = path.indexOf(SLASH); end !== -1; end = path.indexOf(SLASH, end + 1)) {
    const above = await lstat(onDisk(root, path.subarray(0, end))).catch(() => undefined);
    if (above?.isDirectory() !== true) return false;
  }
  return (await lstat(onDisk(root, path)).catch(() => undefined)) !== undefined;
}

const SLASH = "/".charCodeAt(0);

interface Version {
  readonly path: Buffer;
  readonly mode: string;
  readonly oid: string;
}

/** The paths whose content on disk is not this version; computed with an index that holds nothing else. */
async function pathsUnlike(
  repo: Repository,
  intent: AdvanceIntent,
  versions: readonly Version[],
): Promise<ReadonlySet<string>> {
  const there = versions.filter(({ mode }) => Number(mode) !== 0);
  const unlike = new Set(versions.filter(({ mode }) => Number(mode) === 0).map(({ path }) => path.toString("latin1")));
  if (there.length === 0) return unlike;
  const variables = { GIT_INDEX_FILE: `${privateIndex(intent)}-compare`, ...markOf(intent) };
  try {
    const lines = there.map(({ mode, oid, path }) => Buffer.concat([Buffer.from(`${mode} ${oid}\t`), path]));
    const run = (options: readonly string[], stdin?: Buffer) =>
      repo.door.inWorktree(intent, {
        command: "update-index",
        options,
        variables,
        durable: false,
        codes: [0, 1],
        limitMs: CHECKOUT_LIMIT_MS,
        ...(stdin === undefined ? {} : { stdin }),
      });
    await run(["-z", "--index-info"], joinNul(lines));
    await run(["-q", "--really-refresh"]);
    const { stdout } = await repo.door.inWorktree(intent, {
      command: "diff-files",
      options: ["-z", "--name-only"],
      variables,
      limitMs: CHECKOUT_LIMIT_MS,
    });
    for (const path of splitNul(stdout)) unlike.add(path.toString("latin1"));
    return unlike;
  } finally {
    await rm(variables.GIT_INDEX_FILE, { force: true });
  }
}
