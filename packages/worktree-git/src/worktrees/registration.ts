import { rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  nodeFiles,
  ownIdentity,
  type ProcessIdentity,
  processesMarked,
  randomToken,
  writeDurable,
} from "@orchard/host";
import type { RefName } from "../ref-name.ts";
import { moveFolder } from "../removal/move-folder.ts";
import { isThere } from "../repository/is-there.ts";
import { readLeftOvers } from "../repository/leftover.ts";
import { underLock } from "../repository/mutex.ts";
import { namesIn } from "../repository/names-in.ts";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";
import { stateFolder, trashFolder } from "../repository/state-folders.ts";
import { waitForEnd } from "./wait-for-end.ts";

/** Marks the git processes of one registration, so that they are found after their starter died. */
export const MARK = "ORCH_GIT_CALL";

/** What is about to be made; it stays on disk until the worktree is ready. */
export interface AddIntent {
  readonly token: string;
  readonly path: string;
  readonly reason: string;
  /** Absent where none is checked out. */
  readonly branch?: RefName;
  /** The worktree of the pool that becomes it: where it was, and its admin folder. */
  readonly pooled?: { readonly path: string; readonly gitDir: string };
  readonly owner: ProcessIdentity;
}

/** Registrations of this process that are under way: their intents are nobody's leftovers. */
const underWay = new Set<string>();

/** Runs `work` while nobody else of ours registers, removes or restores a worktree of this repository. */
export function underRegistration<T>(repo: Repository, command: string, work: () => Promise<T>): Promise<T> {
  return underLock(repo, "worktrees", command, work);
}

export async function recordAdd(
  repo: Repository,
  { path, reason, branch }: Pick<AddIntent, "path" | "reason" | "branch">,
): Promise<AddIntent> {
  const of = branch === undefined ? {} : { branch };
  const intent: AddIntent = { token: randomToken(), path, reason, ...of, owner: ownIdentity() };
  underWay.add(intent.token);
  await writeDurable(nodeFiles, await intentFile(repo, intent.token), JSON.stringify(intent));
  return intent;
}

/** Says, before anything moves, which worktree of the pool becomes the one that is made. */
export async function recordPooled(
  repo: Repository,
  intent: AddIntent,
  pooled: NonNullable<AddIntent["pooled"]>,
): Promise<void> {
  await writeDurable(nodeFiles, await intentFile(repo, intent.token), JSON.stringify({ ...intent, pooled }));
}

export async function forgetAdd(repo: Repository, { token }: AddIntent): Promise<void> {
  await rm(await intentFile(repo, token), { force: true });
  underWay.delete(token);
}

/** For a caller that failed: what it began counts as left over from now on. */
export function abandonAdd({ token }: AddIntent): void {
  underWay.delete(token);
}

/**
 * Puts aside what registrations left half made whose process died, so that git's list works again and their paths
 * are free. Only entries that an intent of ours names are touched. The caller holds the mutex.
 */
export async function repairRegistrations(repo: Repository): Promise<void> {
  for (const intent of await readLeftOvers<AddIntent>(await stateFolder(repo, "adding"), underWay)) {
    await waitForEnd(() => processesMarked(MARK, intent.token));
    const admin = await halfMadeAdmin(repo, intent);
    await putAside(repo, intent, admin);
    await putRefLockAside(repo, intent);
    await forgetAdd(repo, intent);
  }
}

/** git names the admin folder after the path, with a number when that is taken. */
async function halfMadeAdmin(repo: Repository, intent: AddIntent): Promise<string | undefined> {
  if (intent.pooled !== undefined) return (await isThere(intent.pooled.gitDir)) ? intent.pooled.gitDir : undefined;
  const folder = join(repo.place.commonDir, "worktrees");
  const names = await namesIn(folder);
  const own = basename(intent.path);
  for (const name of names.filter((each) => each.startsWith(own) && /^[0-9]*$/.test(each.slice(own.length)))) {
    const [gitdir, locked] = await Promise.all([
      plainText(join(folder, name, "gitdir")),
      plainText(join(folder, name, "locked")),
    ]);
    const isOurs = gitdir.trim() === join(intent.path, ".git");
    const isUnborn = gitdir.trim() === "" && (locked === "" || locked.trim() === intent.reason);
    if (isOurs || isUnborn) return join(folder, name);
  }
  return undefined;
}

async function putAside(repo: Repository, intent: AddIntent, admin: string | undefined): Promise<void> {
  const places = [intent.path, ...(intent.pooled === undefined ? [] : [intent.pooled.path])];
  const trees = await Promise.all(places.map(async (path) => ((await isThere(path)) ? path : undefined)));
  const tree = trees.find((path) => path !== undefined);
  if (tree === undefined && admin === undefined) return;
  const trash = await trashFolder(repo, `half-made-${basename(intent.path)}`);
  if (tree !== undefined) await moveFolder(tree, join(trash, "tree"));
  if (admin !== undefined) await rename(admin, join(trash, "admin"));
}

/** The lock of the branch that its git left, when that was killed while it made the branch: newer than the intent. */
async function putRefLockAside(repo: Repository, { token, branch }: AddIntent): Promise<void> {
  if (branch === undefined) return;
  const lock = join(repo.place.commonDir, `${branch}.lock`);
  const [begun, locked] = await Promise.all(
    [await intentFile(repo, token), lock].map((path) => stat(path).catch(() => undefined)),
  );
  if (begun === undefined || locked?.isFile() !== true || locked.mtimeMs < begun.mtimeMs) return;
  await rename(lock, join(await trashFolder(repo, "ref-lock"), "lock"));
}

async function intentFile(repo: Repository, token: string): Promise<string> {
  return join(await stateFolder(repo, "adding"), `${token}.json`);
}
