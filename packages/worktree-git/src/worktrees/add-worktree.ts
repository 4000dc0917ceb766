import { createHash } from "node:crypto";
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  branchExists,
  branchInUse,
  checkoutIncomplete,
  folderExists,
  noCommits,
  notAWorktree,
  unusablePath,
} from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import type { Oid } from "../object-id.ts";
import { type RefName, shortName } from "../ref-name.ts";
import { isThere } from "../repository/is-there.ts";
import { underLock } from "../repository/mutex.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree } from "./find-worktree.ts";
import { checkOutFresh, isReady } from "./fresh-checkout.ts";
import { listWorktrees } from "./read-worktrees.ts";
import {
  type AddIntent,
  abandonAdd,
  forgetAdd,
  MARK,
  recordAdd,
  repairRegistrations,
  underRegistration,
} from "./registration.ts";
import { makeSparse } from "./sparse-checkout.ts";
import { moveToStart, type PooledWorktree, takeFromPool } from "./take-from-pool.ts";

/** The worktree that somebody wants. */
export interface AddRequest {
  readonly path: string;
  /** Made at `start` when it is not there; used when it is there at `start`. */
  readonly branch: RefName;
  readonly start: Oid;
  /** Written as the worktree's lock, so that no `git worktree prune` ever takes it. */
  readonly reason: string;
  /** Take a worktree of the pool beside it, if there is one. */
  readonly pool?: boolean;
  /** Folders that it holds, with the files of those above them; absent or empty: everything. */
  readonly sparse?: readonly string[];
}

/** A worktree in which work can begin; `path` has every link above its last part resolved. */
export interface ReadyWorktree {
  readonly path: string;
  readonly head: Oid;
  /** False when it was there already, complete. */
  readonly made: boolean;
}

/**
 * A worktree, ready: every file written, index = HEAD, no lock of git's in it. Only its registration waits for
 * others; checkouts run four at a time. A crash leaves an intent that makes the next call put the half-made one
 * aside and make it anew; a complete one at that branch is returned as it is.
 * Throws `BRANCH_EXISTS`, `BRANCH_IN_USE`, `FOLDER_EXISTS`, `UNUSABLE_PATH`, `SETTINGS_NOT_ACCEPTED`,
 * `SPARSE_NOT_POSSIBLE`.
 */
export async function addWorktree(repo: Repository, request: AddRequest): Promise<ReadyWorktree> {
  const path = await realPathOf(request.path);
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return underLock(repo, `add-${name}`, `make the worktree ${path}`, () => make(repo, { ...request, path }));
}

async function make(repo: Repository, request: AddRequest): Promise<ReadyWorktree> {
  const intent = await recordAdd(repo, request);
  let registered: WorktreePlace | PooledWorktree | ReadyWorktree;
  try {
    registered = await underRegistration(repo, `register the worktree ${request.path}`, async () => {
      await repairRegistrations(repo);
      const there = await alreadyThere(repo, request);
      return there ?? (await takeFromPool(repo, request, intent)) ?? register(repo, request, intent);
    });
  } catch (error) {
    await forgetUnlessBegun(repo, intent);
    throw error;
  }
  if ("made" in registered) {
    await forgetAdd(repo, intent);
    return registered;
  }
  try {
    if ("was" in registered) return await reuse(repo, registered, request, intent);
    await checkOutFresh(repo, registered, request.start, { [MARK]: intent.token });
    if (!(await isReady(repo, registered, request.start)))
      throw checkoutIncomplete(request.path, "its index is not its HEAD");
  } catch (error) {
    abandonAdd(intent);
    await underRegistration(repo, `put aside ${request.path}`, () => repairRegistrations(repo));
    throw error;
  }
  await forgetAdd(repo, intent);
  return { path: request.path, head: request.start, made: true };
}

/** A worktree of the pool at `start`; one that somebody changed there goes to the trash, and a new one is made. */
async function reuse(
  repo: Repository,
  pooled: PooledWorktree,
  request: AddRequest,
  intent: AddIntent,
): Promise<ReadyWorktree> {
  if (await moveToStart(repo, pooled, { ...request, variables: { [MARK]: intent.token } })) {
    await forgetAdd(repo, intent);
    return { path: request.path, head: request.start, made: true };
  }
  abandonAdd(intent);
  return make(repo, { ...request, pool: false });
}

/** The worktree is there already, as asked for; or something is in the way. */
async function alreadyThere(
  repo: Repository,
  { path, branch, reason, start }: AddRequest,
): Promise<ReadyWorktree | undefined> {
  const { worktrees } = await listWorktrees(repo);
  const there = worktrees.find((each) => each.path === path);
  if (there !== undefined && there.branch === branch && there.locked === reason && (await isThere(path))) {
    if (there.head === undefined) throw noCommits(branch);
    return { path, head: there.head, made: false };
  }
  if (there !== undefined || (await isThere(path))) throw folderExists(path);
  const user = worktrees.find((each) => each.branch === branch);
  if (user !== undefined) throw branchInUse(branch, user.path);
  await refuseTakenBranch(repo, branch, start);
  return undefined;
}

async function refuseTakenBranch(repo: Repository, branch: RefName, start: Oid): Promise<void> {
  const { stdout } = await repo.door.inRepository({
    command: "for-each-ref",
    options: ["--format=%(objectname) %(refname)"],
    values: ["refs/heads/"],
  });
  for (const line of stdout.toString("utf8").split("\n")) {
    const [commit = "", other = ""] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    if (other === branch && commit !== start)
      throw branchExists(branch, commit as Oid, "it is there at another commit");
    if (other === branch) continue;
    const twins = other.toLowerCase() === branch.toLowerCase();
    if (twins) throw branchExists(branch, undefined, `${shortName(other as RefName)} differs from it only by case`);
    if (other.startsWith(`${branch}/`) || branch.startsWith(`${other}/`)) {
      throw branchExists(branch, undefined, `${shortName(other as RefName)} is there, and git cannot keep both`);
    }
  }
}

async function register(repo: Repository, request: AddRequest, intent: AddIntent): Promise<WorktreePlace> {
  const { path, branch, start, reason, sparse = [] } = request;
  const isNew = (await repo.resolve(branch)) === undefined;
  await mkdir(dirname(path), { recursive: true });
  await repo.door.inRepository({
    command: "worktree add",
    options: ["--no-checkout", "--lock", "--reason", reason, ...(isNew ? ["--no-track", "-b", shortName(branch)] : [])],
    values: [path, isNew ? start : shortName(branch)],
    variables: { [MARK]: intent.token },
  });
  const place = await findWorktree(repo, path);
  if (place === undefined) throw notAWorktree(path);
  if (sparse.length > 0) await makeSparse(repo, place, sparse);
  return place;
}

async function forgetUnlessBegun(repo: Repository, intent: AddIntent): Promise<void> {
  if ((await findWorktree(repo, intent.path)) === undefined) await forgetAdd(repo, intent);
  else abandonAdd(intent);
}

/** The path with every link above its last part resolved: git records real paths. */
async function realPathOf(path: string): Promise<string> {
  const whole = resolve(path);
  if (/[\n\r]/.test(whole)) throw unusablePath(whole, "git cannot record a path with a line break");
  let folder = dirname(whole);
  let rest = basename(whole);
  for (;;) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) return join(real, rest);
    rest = join(basename(folder), rest);
    folder = dirname(folder);
  }
}
