import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { copyIndexFile } from "../checkout/own-index-lock.ts";
import { lookBelow } from "../checkout/stands-at.ts";
import { openCommitWriter } from "../git/commit-writer.ts";
import type { DoorCall, WorktreePlace } from "../git/git-door.ts";
import { joinNul, splitNul } from "../git/paths.ts";
import { oneSide } from "../hub/one-side.ts";
import { type Oid, parseOid, zeroOid } from "../object-id.ts";
import { readSettings, silence } from "../repository/executable-settings.ts";
import type { Repository } from "../repository/repository.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";
import { readStatus } from "../worktrees/inspect-worktree.ts";
import type { ScratchObjects } from "./scratch-objects.ts";

/** What stands in a work tree, as a commit that can be merged. */
export interface Work {
  readonly head: Oid;
  /** `head`, or a child of it with everything that is not committed; equal content gives an equal id. */
  readonly commit: Oid;
  /** Paths that differ from `head`; ignored files do not count. */
  readonly uncommitted: number;
  /** The uncommitted part could not be read (files came and went meanwhile, or git no longer knows the work tree): `commit` is `head`. */
  readonly unread?: true;
}

/**
 * Writes what stands in a work tree through a copy of its index, so that the work tree's own index is never touched and
 * only files that differ are read. No hook and no filter runs; untracked files that are not ignored count, nested
 * repositories do not. `undefined`: nothing was ever committed there. Throws `NOT_A_WORKTREE`, `WORKTREE_TAMPERED`.
 */
export async function writeWork(repo: Repository, objects: ScratchObjects, path: string): Promise<Work | undefined> {
  const place = await requireWorktree(repo, path);
  const { head, staged, unstaged, conflicted, untracked } = await readStatus(repo, place, "all");
  if (head === undefined) return undefined;
  const differ = new Set([...staged, ...unstaged, ...conflicted, ...untracked.filter((name) => !name.endsWith("/"))]);
  if (differ.size === 0) return { head, commit: head, uncommitted: 0 };
  const tree = await treeOfWork(repo, objects, place);
  if (tree === undefined) return { head, commit: head, uncommitted: differ.size, unread: true };
  return { head, commit: await commitOn(repo, objects, head, tree), uncommitted: differ.size };
}

async function treeOfWork(repo: Repository, objects: ScratchObjects, place: WorktreePlace): Promise<Oid | undefined> {
  const index = join(objects.folder, `index-${Math.random().toString(36).slice(2)}`);
  await copyIndexFile(join(place.gitDir, "index"), index);
  const { commonDir, mainRoot } = repo.place;
  const settings = silence(await readSettings(commonDir, mainRoot, place.gitDir));
  const variables = { ...objects.variables, GIT_INDEX_FILE: index };
  const run = (call: DoorCall) =>
    repo.door.inWorktree(place, { ...call, settings, variables, durable: false, limitMs: 300_000 });
  try {
    const { stdout } = await run({
      command: "ls-files",
      options: ["-z", "--modified", "--deleted", "--others", "--exclude-standard"],
    });
    const { read, others } = await sorted(place.root, stdout);
    const lines: Buffer[] = [];
    for (const { path, instead } of others) {
      const said = instead && (await run({ ...HASH, stdin: instead })).stdout.toString("latin1").trim();
      lines.push(Buffer.concat([Buffer.from(said ? `100644 ${said}\t` : `0 ${zeroOid(repo.objectFormat)}\t`), path]));
    }
    await run({ command: "update-index", options: ["-z", "--index-info"], stdin: joinNul(lines) });
    await run({ command: "update-index", options: ["--add", "--replace", "-z", "--stdin"], stdin: joinNul(read) });
    return parseOid((await run({ command: "write-tree" })).stdout.toString("latin1").trim());
  } catch (error) {
    if (isOrchardError(error, "GIT_FAILED")) return undefined;
    throw error;
  }
}

const HASH = { command: "hash-object", options: ["-w", "--no-filters", "--stdin"] } as const;

/** What is larger than this is not read: that it is there, and is another one now, is all that is said of it. */
const LARGEST_READ = 32 << 20;

interface Sorted {
  readonly read: readonly Buffer[];
  /** What is to go from the index, or to stand in it as other text than the file's own. */
  readonly others: readonly { readonly path: Buffer; readonly instead?: string }[];
}

async function sorted(root: string, listed: Buffer): Promise<Sorted> {
  const read: Buffer[] = [];
  const others: { readonly path: Buffer; readonly instead?: string }[] = [];
  const look = lookBelow(root);
  const names = new Map(splitNul(listed).map((name) => [name.toString("latin1"), name]));
  for (const path of names.values()) {
    if (path.at(-1) === SLASH) continue;
    const found = await look(path);
    if (found === undefined) others.push({ path });
    else if (found.isFile() && found.size > LARGEST_READ)
      others.push({ path, instead: `${found.size} bytes, changed at ${found.mtimeMs}\n` });
    else if (!found.isDirectory()) read.push(path);
    else if ((await look(Buffer.concat([path, Buffer.from("/.git")]))) !== undefined) read.push(path);
    else others.push({ path });
  }
  return { read, others };
}

/** How git ends the name of an untracked folder that is a repository of its own. */
const SLASH = "/".charCodeAt(0);

async function commitOn(repo: Repository, objects: ScratchObjects, head: Oid, tree: Oid): Promise<Oid> {
  if ((await repo.commitInfo(head)).tree === tree) return head;
  using writer = openCommitWriter(objects.place);
  return await writer.write(oneSide(head, tree));
}
