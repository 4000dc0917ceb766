import { mkdir, realpath, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { checkoutIncomplete, folderExists, noCommits } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { joinNul, splitNul } from "../git/paths.ts";
import { isOid, type Oid } from "../object-id.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree, requireWorktree } from "./find-worktree.ts";
import { CHECKOUT_LIMIT_MS } from "./fresh-checkout.ts";
import { readStatus } from "./inspect-worktree.ts";
import { listWorktrees } from "./read-worktrees.ts";
import { abandonAdd, forgetAdd, MARK, recordAdd, repairRegistrations, underRegistration } from "./registration.ts";
import { refuseSilencedDrivers } from "./silenced-drivers.ts";
import { awaitWriters, writerMark } from "./writers.ts";

/** A detached worktree of our own, for commands that are run on one commit after another. Nobody works in it. */
export interface Scratch {
  readonly path: string;
  /**
   * Makes tracked files, index and HEAD exactly those of `commit` and removes untracked ones; ignored files
   * (installed packages, build caches) stay. One checkout at a time.
   */
  checkout(commit: Oid): Promise<void>;
}

const REASON = "Orchard's own scratch worktree";

/** The scratch worktree at `path`, made when it is not there; nothing in it is ever anybody's work. Throws `FOLDER_EXISTS`. */
export async function scratchWorktree(repo: Repository, path: string): Promise<Scratch> {
  await underRegistration(repo, `make the scratch worktree ${path}`, async () => {
    await repairRegistrations(repo);
    if (!(await isThere(path))) return makeScratch(repo, path);
    const place = await findWorktree(repo, path);
    const listed = place === undefined ? undefined : (await listWorktrees(repo)).byPath(place.root);
    if (listed?.locked !== REASON) throw folderExists(path);
  });
  return { path, checkout: (commit) => checkOut(repo, path, commit) };
}

async function makeScratch(repo: Repository, path: string): Promise<void> {
  const start = (await repo.head()).commit ?? (await anyCommit(repo));
  await mkdir(dirname(path), { recursive: true });
  const intent = await recordAdd(repo, { path: join(await realpath(dirname(path)), basename(path)), reason: REASON });
  try {
    await repo.door.inRepository({
      command: "worktree add",
      options: ["--no-checkout", "--detach", "--lock", "--reason", REASON],
      values: [intent.path, start],
      variables: { [MARK]: intent.token },
    });
    await forgetAdd(repo, intent);
  } catch (error) {
    abandonAdd(intent);
    throw error;
  }
}

async function anyCommit(repo: Repository): Promise<Oid> {
  const options = ["--count=1", "--format=%(objectname)"];
  const { stdout } = await repo.door.inRepository({ command: "for-each-ref", options, values: ["refs/heads/"] });
  const found = stdout.toString("latin1").trim();
  if (!isOid(found)) throw noCommits(undefined);
  return found;
}

async function checkOut(repo: Repository, path: string, commit: Oid): Promise<void> {
  const place = await requireWorktree(repo, path);
  await awaitWriters(place.root);
  await rm(join(place.gitDir, "index.lock"), { force: true });
  await refuseSilencedDrivers(repo, place.gitDir, commit);
  await forgetSkipped(repo, place);
  const call = (command: "read-tree" | "clean", options: readonly string[], values: readonly string[] = []) =>
    repo.door.inWorktree(place, {
      command,
      options,
      values,
      variables: writerMark(place.root),
      durable: false,
      limitMs: CHECKOUT_LIMIT_MS,
    });
  await call("read-tree", ["--reset", "-u", "--no-sparse-checkout"], [commit]);
  await repo.door.inWorktree(place, {
    command: "update-ref",
    options: ["--no-deref"],
    values: ["HEAD", commit],
    durable: false,
  });
  await call("clean", ["-ffd", "--quiet"]);
  await refuseDirt(repo, place);
}

/**
 * What ran here may have told git not to look at files, or not to have them: then they would stay as they are, unseen.
 */
async function forgetSkipped(repo: Repository, place: WorktreePlace): Promise<void> {
  const call = { durable: false, limitMs: CHECKOUT_LIMIT_MS } as const;
  const listed = await repo.door.inWorktree(place, { ...call, command: "ls-files", options: ["-t", "-z"] });
  const skipped = splitNul(listed.stdout).filter((line) => line[0] === SKIPPED);
  if (skipped.length === 0) return;
  await repo.door.inWorktree(place, {
    ...call,
    command: "update-index",
    options: ["--no-skip-worktree", "-z", "--stdin"],
    stdin: joinNul(skipped.map((line) => line.subarray(TAG_LENGTH))),
  });
}

const SKIPPED = "S".charCodeAt(0);
/** `S path`. */
const TAG_LENGTH = 2;

async function refuseDirt(repo: Repository, place: WorktreePlace): Promise<void> {
  const { staged, unstaged, untracked, submodules } = await readStatus(repo, place, "normal");
  const dirt = [...staged, ...unstaged.filter((each) => !submodules.includes(each)), ...untracked];
  if (dirt.length > 0)
    throw checkoutIncomplete(place.root, `${dirt.length} paths differ, first ${JSON.stringify(dirt[0])}`);
}
