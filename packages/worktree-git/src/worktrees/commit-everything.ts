import { lookBelow } from "../checkout/stands-at.ts";
import { operationInProgress } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { joinNul, splitNul } from "../git/paths.ts";
import { type Oid, parseOid, zeroOid } from "../object-id.ts";
import { syncRef } from "../repository/refs.ts";
import type { Repository } from "../repository/repository.ts";
import { putAbandonedLockAside } from "./abandoned-lock.ts";
import { requireWorktree } from "./find-worktree.ts";
import { readStatus } from "./inspect-worktree.ts";
import { operationIn } from "./operation.ts";
import { refuseSilencedDrivers } from "./silenced-drivers.ts";

/**
 * Commits what stands in a work tree: tracked files as they are, and untracked ones that are not ignored; nested
 * repositories are left alone. `only`: these files alone, also where they are ignored, beside what is staged already.
 * No hooks, no signature. `undefined` when that is what HEAD has already. The commit
 * is durable. Throws `OPERATION_IN_PROGRESS`, `WORKTREE_TAMPERED`, `SETTINGS_NOT_ACCEPTED`.
 */
export async function commitEverything(
  repo: Repository,
  path: string,
  { message, only }: { readonly message: string; readonly only?: readonly string[] },
): Promise<Oid | undefined> {
  const place = await requireWorktree(repo, path);
  const operation = await operationIn(place.gitDir);
  if (operation !== undefined && operation !== "bisect") throw operationInProgress(path, operation);
  await putAbandonedLockAside(repo, place);
  const { head, branch, conflicted } = await readStatus(repo, place, "no");
  if (conflicted.length > 0) throw operationInProgress(path, "merge");
  if (head !== undefined) await refuseSilencedDrivers(repo, place.gitDir, head);
  await stage(repo, place, only ?? (await everything(repo, place)));
  const tree = await treeOfIndex(repo, place);
  if (head !== undefined && tree === (await treeOfCommit(repo, head))) return undefined;
  const commit = await commitTree(repo, place, tree, head, message);
  await repo.makeDurable(commit, head);
  await repo.door.inWorktree(place, {
    command: "update-ref",
    options: ["-m", `commit: ${message.split("\n")[0] ?? ""}`.slice(0, 120)],
    values: ["HEAD", commit, head ?? "0".repeat(commit.length)],
  });
  if (branch !== undefined) await syncRef(repo, branch);
  return commit;
}

async function everything(repo: Repository, place: WorktreePlace): Promise<readonly Buffer[]> {
  const { stdout } = await repo.door.inWorktree(place, {
    command: "ls-files",
    options: ["-z", "--modified", "--deleted", "--others", "--exclude-standard"],
    limitMs: 300_000,
  });
  return splitNul(stdout).filter((name) => name.at(-1) !== SLASH);
}

/** What is gone goes first: a file can stand where a folder was, and the other way round. */
async function stage(repo: Repository, place: WorktreePlace, paths: readonly (Buffer | string)[]): Promise<void> {
  const look = lookBelow(place.root);
  const [there, gone]: [Buffer[], Buffer[]] = [[], []];
  for (const path of paths.map((each) => (typeof each === "string" ? Buffer.from(each) : each))) {
    const found = await look(path);
    const isThere = found?.isDirectory() === true ? await isRepository(look, path) : found !== undefined;
    (isThere ? there : gone).push(path);
  }
  const none = Buffer.from(`0 ${zeroOid(repo.objectFormat)}\t`);
  const goes = gone.map((path) => Buffer.concat([none, path]));
  const call = { command: "update-index", durable: false, limitMs: 600_000 } as const;
  const run = (options: readonly string[], lines: readonly Buffer[]) =>
    lines.length > 0 && repo.door.inWorktree(place, { ...call, options, stdin: joinNul(lines) });
  await run(["-z", "--index-info"], goes);
  await run(["--add", "--remove", "--replace", "-z", "--stdin"], there);
}

async function isRepository(look: ReturnType<typeof lookBelow>, path: Buffer): Promise<boolean> {
  return (await look(Buffer.concat([path, Buffer.from("/.git")]))) !== undefined;
}

/** How git ends the name of an untracked folder that is a repository of its own. */
const SLASH = "/".charCodeAt(0);

async function treeOfIndex(repo: Repository, place: WorktreePlace): Promise<Oid> {
  const { stdout } = await repo.door.inWorktree(place, { command: "write-tree", durable: false });
  return parseOid(stdout.toString("latin1").trim());
}

async function treeOfCommit(repo: Repository, commit: Oid): Promise<Oid> {
  return (await repo.commitInfo(commit)).tree;
}

async function commitTree(
  repo: Repository,
  place: WorktreePlace,
  tree: Oid,
  parent: Oid | undefined,
  message: string,
): Promise<Oid> {
  const { name, email } = await repo.identity();
  const { stdout } = await repo.door.inWorktree(place, {
    command: "commit-tree",
    options: parent === undefined ? [] : ["-p", parent],
    values: [tree],
    stdin: message.endsWith("\n") ? message : `${message}\n`,
    durable: false,
    variables: { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
  });
  return parseOid(stdout.toString("latin1").trim());
}
