import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WorktreePlace } from "../git/git-door.ts";
import { type GitObject, openObjectReader } from "../git/object-reader.ts";
import { joinNul, splitNul } from "../git/paths.ts";
import { openHub } from "../hub/hub.ts";
import { type Oid, parseOid } from "../object-id.ts";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * A commit that keeps alive everything that only this work tree's git dir leads to: HEAD, every commit in its
 * reflogs and in the files of an operation in progress (as parents), and every version in its index, staged and
 * unmerged ones too (as a tree, one folder a stage). Durable when it returns.
 */
export async function pinWork(repo: Repository, place: WorktreePlace, message: string): Promise<Oid> {
  using reader = openObjectReader(await repo.door.hubPlace());
  const named = await idsNamedIn(repo, place.gitDir);
  const found = await existing(reader, named);
  const commits = found.filter(({ type }) => type === "commit").map(({ oid }) => oid);
  const loose = found.filter(({ type }) => type === "blob" || type === "tree");
  const entries = [...(await indexEntries(repo, place)), ...looseEntries(loose)];
  const kept = await existing(
    reader,
    entries.map(({ oid }) => oid),
  );
  const there = new Set(kept.map(({ oid }) => oid));
  const tree = await treeFrom(
    repo,
    entries.filter(({ mode, oid }) => mode === "160000" || there.has(oid)),
  );
  using hub = await openHub(repo);
  let pinned: Oid | undefined;
  for (let at = 0; at === 0 || at < commits.length; at += MOST_PARENTS) {
    const parents = [...(pinned === undefined ? [] : [pinned]), ...commits.slice(at, at + MOST_PARENTS)];
    pinned = await hub.commit({ tree, parents, message });
  }
  await repo.makeDurable(pinned as Oid);
  return pinned as Oid;
}

const MOST_PARENTS = 500;

interface PinnedEntry {
  readonly mode: string;
  readonly oid: Oid;
  readonly path: Buffer;
}

/** Files of a git dir whose lines name objects: HEAD and its like, reflogs, the notes of a rebase. */
const NAMES_OBJECTS =
  /^(?:[A-Z_]*HEAD|AUTO_MERGE|logs\/.*|refs\/.*|(?:rebase-merge|rebase-apply|sequencer)\/.*|BISECT_.*)$/;

async function idsNamedIn(repo: Repository, gitDir: string): Promise<readonly Oid[]> {
  const pattern = new RegExp(`(?<![0-9a-f])[0-9a-f]{${repo.objectFormat === "sha256" ? 64 : 40}}(?![0-9a-f])`, "g");
  const head = await repo.door.inWorktree({ root: gitDir, gitDir }, HEAD_COMMIT);
  const ids = new Set<string>(head.stdout.toString("latin1").match(pattern) ?? []);
  const names = await readdir(gitDir, { recursive: true });
  for (const name of names.filter((each) => NAMES_OBJECTS.test(each)).sort()) {
    const text = await plainText(join(gitDir, name), "latin1");
    for (const [id] of text.matchAll(pattern)) if (!/^0+$/.test(id)) ids.add(id);
  }
  return [...ids] as Oid[];
}

const HEAD_COMMIT = {
  command: "rev-parse",
  options: ["--verify", "--quiet"],
  values: ["HEAD"],
  codes: [0, 1, 128],
} as const;

async function existing(
  reader: { read(name: string): Promise<GitObject | undefined> },
  ids: readonly Oid[],
): Promise<readonly Pick<GitObject, "oid" | "type">[]> {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => {
      const object = await reader.read(id);
      return object === undefined ? undefined : { oid: object.oid, type: object.type };
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** All stages of the index, and the versions that it remembers of conflicts that were resolved. */
async function indexEntries(repo: Repository, place: WorktreePlace): Promise<readonly PinnedEntry[]> {
  const lists = await Promise.all(
    ["--stage", "--resolve-undo"].map((option) =>
      repo.door.inWorktree(place, { command: "ls-files", options: [option, "-z", "--full-name"], codes: [0, 128] }),
    ),
  );
  return lists.flatMap(({ stdout }, list) =>
    splitNul(stdout).map((line) => parseEntry(line, list === 0 ? "index" : "resolved")),
  );
}

/** `<mode> <oid> <stage>\t<path>` */
function parseEntry(line: Buffer, folder: string): PinnedEntry {
  const tab = line.indexOf(0x09);
  const [mode = "", oid = "", stage = "0"] = line.toString("latin1", 0, tab).split(" ");
  const path = Buffer.concat([Buffer.from(`${folder}-${stage}/`), line.subarray(tab + 1)]);
  return { mode, oid: oid as Oid, path };
}

function looseEntries(objects: readonly Pick<GitObject, "oid" | "type">[]): readonly PinnedEntry[] {
  return objects
    .filter(({ type }) => type === "blob")
    .map(({ oid }) => ({ mode: "100644", oid, path: Buffer.from(`objects/${oid}`) }));
}

async function treeFrom(repo: Repository, entries: readonly PinnedEntry[]): Promise<Oid> {
  const index = join(repo.stateDir, `pin-${process.pid}-${Math.random().toString(36).slice(2)}.index`);
  const variables = { GIT_INDEX_FILE: index };
  try {
    const lines = entries.map(({ mode, oid, path }) => Buffer.concat([Buffer.from(`${mode} ${oid}\t`), path]));
    await repo.door.inHub({
      command: "update-index",
      options: ["-z", "--index-info"],
      stdin: joinNul(lines),
      variables,
      durable: false,
    });
    const { stdout } = await repo.door.inHub({
      command: "write-tree",
      options: ["--missing-ok"],
      variables,
      durable: false,
    });
    return parseOid(stdout.toString("latin1").trim());
  } finally {
    await rm(index, { force: true });
  }
}
