import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { rescueMissing } from "../errors.ts";
import type { Oid } from "../object-id.ts";
import type { CommitInfo, Repository } from "../repository/repository.ts";
import { parseRescueRef, RESCUE_REFS, type RescueKey, rescueRef } from "./rescue-name.ts";
import { readTrashEntry, type TrashEntry, trashOf } from "./trash-entry.ts";

/** Pinned work, and what there is of its worktree. */
export interface Rescue extends RescueKey {
  readonly commit: Oid;
  /** What the trash remembers; `undefined` for work that was only pinned, or whose trash was emptied. */
  readonly trash: TrashEntry | undefined;
  /** Its files still lie in the trash. */
  readonly restorable: boolean;
}

/** Everything pinned under `refs/orch/rescue`, by name and number. */
export async function listRescues(repo: Repository): Promise<readonly Rescue[]> {
  return Promise.all((await readRescueRefs(repo)).map((each) => describe(repo, each)));
}

/** One rescue, and the commits it pins. Throws `RESCUE_MISSING`. */
export async function showRescue(
  repo: Repository,
  key: RescueKey,
): Promise<Rescue & { readonly pinned: readonly CommitInfo[] }> {
  const commit = await repo.resolve(rescueRef(key));
  if (commit === undefined) throw rescueMissing(key.name, key.number);
  const { parents } = await repo.commitInfo(commit);
  const pinned = await Promise.all(parents.map((parent) => repo.commitInfo(parent)));
  return { ...(await describe(repo, { ...key, commit })), pinned };
}

export async function listRescueKeys(repo: Repository): Promise<readonly RescueKey[]> {
  return readRescueRefs(repo);
}

async function readRescueRefs(repo: Repository): Promise<readonly (RescueKey & { readonly commit: Oid })[]> {
  const { stdout } = await repo.door.inRepository({
    command: "for-each-ref",
    options: ["--format=%(objectname) %(refname)"],
    values: [RESCUE_REFS],
  });
  const found = stdout
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      const key = parseRescueRef(line.slice(line.indexOf(" ") + 1));
      return key === undefined ? [] : [{ ...key, commit: line.slice(0, line.indexOf(" ")) as Oid }];
    });
  return found.sort((a, b) => (a.name === b.name ? a.number - b.number : a.name < b.name ? -1 : 1));
}

async function describe(repo: Repository, rescue: RescueKey & { readonly commit: Oid }): Promise<Rescue> {
  const trash = await readTrashEntry(repo, rescue);
  const tree = await lstat(join(trashOf(repo, rescue), "tree")).catch(() => undefined);
  return { ...rescue, trash, restorable: trash !== undefined && tree !== undefined };
}
