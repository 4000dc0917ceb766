import { lstat, rm, rmdir, unlink } from "node:fs/promises";
import { processesMarked } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { joinNul } from "../git/paths.ts";
import { isOid, type Oid } from "../object-id.ts";
import type { RawChange } from "../repository/history.ts";
import type { Repository } from "../repository/repository.ts";
import { CHECKOUT_LIMIT_MS } from "../worktrees/fresh-checkout.ts";
import { MARK } from "../worktrees/registration.ts";
import { waitForEnd } from "../worktrees/wait-for-end.ts";
import { type AdvanceIntent, forgetAdvance, markOf } from "./advance-intent.ts";
import { type Aside, openAside } from "./aside.ts";
import { onDisk } from "./blockers.ts";
import { changesBetween } from "./changes-between.ts";
import { readFileStates, type StatedChange } from "./file-states.ts";
import { putLeftLocksAside } from "./left-locks.ts";
import { copyIndex, privateIndex, releaseIndexLock, swapIndex, takeIndexLock } from "./own-index-lock.ts";

/** How an advance that was cut off came to its end. */
export interface Settlement {
  readonly worktree: string;
  /**
   * `finished`: files, index and branch are those of the new commit. `takenBack`: nothing had changed yet.
   * `left`: somebody moved HEAD elsewhere since, so the files are theirs. `waiting`: another git holds the index.
   */
  readonly kind: "finished" | "takenBack" | "left" | "waiting";
  /** Where foreign content was put that stood in a path of ours; `undefined` when there was none. */
  readonly trash?: string;
}

/** Brings an advance that was cut off to one of its two ends. Runs under the advance's lock; again is fine. */
export async function settleAdvance(repo: Repository, intent: AdvanceIntent): Promise<Settlement> {
  const worktree = intent.root;
  await waitForEnd(() => processesMarked(MARK, intent.token));
  await putLeftLocksAside(repo, intent);
  const head = await headOf(repo, intent);
  if (head !== intent.from && head !== intent.to) return ended(repo, intent, { worktree, kind: "left" });
  const changes = await readFileStates(repo, intent, await changesBetween(repo, intent.from, intent.to));
  if (
    head === intent.from &&
    changes.every(({ state }) => state !== "new" && state !== "absent") &&
    !(await isCut(intent, changes))
  ) {
    return ended(repo, intent, { worktree, kind: "takenBack" });
  }
  if (!(await takeIndexLock(intent))) return { worktree, kind: "waiting" };
  return finishMove(repo, intent, { changes, head });
}

/** The steps that take a checkout from wherever it is to the new commit, forward or back; its index lock is held. */
export async function finishMove(
  repo: Repository,
  intent: AdvanceIntent,
  { changes, head }: { readonly changes: readonly StatedChange[]; readonly head: Oid },
): Promise<Settlement> {
  const aside = openAside(repo);
  await putForeignAside(aside, intent, changes);
  await writeNewFiles(repo, intent, changes, aside);
  await writeNewIndex(repo, intent, changes);
  await swapIndex(intent);
  if (head === intent.from) await moveHead(repo, intent);
  return ended(repo, intent, {
    worktree: intent.root,
    kind: "finished",
    ...(aside.trash === undefined ? {} : { trash: aside.trash }),
  });
}

async function putForeignAside(aside: Aside, { root }: AdvanceIntent, changes: readonly StatedChange[]): Promise<void> {
  for (const { change, state } of changes) {
    if (state === "foreign" && change.newMode !== GITLINK && change.oldMode !== GITLINK)
      await aside.put(root, change.path);
  }
}

async function ended(repo: Repository, intent: AdvanceIntent, settlement: Settlement): Promise<Settlement> {
  await releaseIndexLock(intent);
  await forgetAdvance(repo, intent);
  return settlement;
}

/** Something of ours was written, though no file shows it: an added path holds foreign content over nothing old. */
async function isCut(intent: AdvanceIntent, changes: readonly StatedChange[]): Promise<boolean> {
  const started = (await lstat(privateIndex(intent)).catch(() => undefined)) !== undefined;
  return started && changes.some(({ state, change }) => state === "foreign" && change.status !== "added");
}

async function headOf(repo: Repository, place: AdvanceIntent): Promise<Oid | undefined> {
  const { stdout } = await repo.door.inWorktree(place, {
    command: "rev-parse",
    options: ["--verify", "--quiet"],
    values: ["HEAD^{commit}"],
    codes: [0, 1, 128],
  });
  const oid = stdout.toString("latin1").trim();
  return isOid(oid) ? oid : undefined;
}

async function writeNewFiles(
  repo: Repository,
  intent: AdvanceIntent,
  changes: readonly StatedChange[],
  aside: Aside,
): Promise<void> {
  for (const { change, state } of changes) {
    if (change.status === "deleted" && state === "old" && change.oldMode !== GITLINK)
      await removeFile(intent.root, change.path);
  }
  const wanted = changes.filter(
    ({ change, state }) => change.status !== "deleted" && state !== "new" && change.newMode !== GITLINK,
  );
  if (wanted.length === 0) return;
  for (const { change } of wanted) await aside.clearTheWay(intent.root, change.path);
  const index = `${privateIndex(intent)}-new`;
  try {
    await fillIndex(
      repo,
      intent,
      index,
      wanted.map(({ change }) => change),
    );
    await repo.door.inWorktree(intent, {
      command: "checkout-index",
      options: ["--force", "--quiet", "-z", "--stdin"],
      stdin: joinNul(wanted.map(({ change }) => change.path)),
      variables: writing(intent, index),
      limitMs: CHECKOUT_LIMIT_MS,
    });
  } finally {
    await rm(index, { force: true });
  }
}

/** The index as it is, with the changed paths as they shall be: what somebody staged elsewhere stays staged. */
async function writeNewIndex(repo: Repository, intent: AdvanceIntent, changes: readonly StatedChange[]): Promise<void> {
  const index = privateIndex(intent);
  await rm(`${index}.lock`, { force: true });
  await copyIndex(intent);
  await fillIndex(
    repo,
    intent,
    index,
    changes.map(({ change }) => change),
  );
  await repo.door.inWorktree(intent, {
    command: "update-index",
    options: ["-q", "--refresh"],
    variables: writing(intent, index),
    codes: [0, 1],
    limitMs: CHECKOUT_LIMIT_MS,
  });
}

/** Sets paths in an index file to their new version. */
async function fillIndex(
  repo: Repository,
  intent: AdvanceIntent,
  index: string,
  changes: readonly Pick<RawChange, "newMode" | "newOid" | "path">[],
): Promise<void> {
  const line = ({ newMode, newOid, path }: (typeof changes)[number]) =>
    Buffer.concat([Buffer.from(`${Number(newMode) === 0 ? "0" : newMode} ${newOid}\t`), path]);
  const removed = changes.filter(({ newMode }) => Number(newMode) === 0);
  await repo.door.inWorktree(intent, {
    command: "update-index",
    options: ["-z", "--index-info"],
    stdin: joinNul([...removed, ...changes.filter(({ newMode }) => Number(newMode) !== 0)].map(line)),
    variables: writing(intent, index),
  });
}

/** A git that writes for this move, into this index: whoever settles the move waits for its end. */
function writing(intent: AdvanceIntent, index: string): Readonly<Record<string, string>> {
  return { GIT_INDEX_FILE: index, ...markOf(intent) };
}

async function moveHead(repo: Repository, intent: AdvanceIntent): Promise<void> {
  await repo.door.inWorktree(intent, {
    command: "update-ref",
    options: ["-m", "orchard: moved"],
    values: ["HEAD", intent.to, intent.from],
    variables: markOf(intent),
  });
}

async function removeFile(root: string, path: Buffer): Promise<void> {
  try {
    await unlink(onDisk(root, path));
    for (let end = path.lastIndexOf(SLASH); end > 0; end = path.subarray(0, end).lastIndexOf(SLASH)) {
      await rmdir(onDisk(root, path.subarray(0, end)));
    }
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
  }
}

const GITLINK = "160000";
const SLASH = "/".charCodeAt(0);
