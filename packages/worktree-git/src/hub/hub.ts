import { objectMissing, unrelatedHistories } from "../errors.ts";
import { type CommitText, type CommitWriter, openCommitWriter } from "../git/commit-writer.ts";
import { openObjectReader } from "../git/object-reader.ts";
import { pendingObjects } from "../git/pending-objects.ts";
import { isOid, type Oid, parseOid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import { attributesFolder } from "./hub-folder.ts";
import { type BatchRequest, type BatchResult, mergeMany } from "./merge-many.ts";
import { oneSide } from "./one-side.ts";
import { parseMergeTree } from "./parse-merge-tree.ts";
import { entryAt, type FileReplacement, replaceFile } from "./replace-file.ts";
import type { CommitRequest, MergeRequest, MergeResult } from "./requests.ts";
import { type AttributesMemo, treeAttributes } from "./tree-attributes.ts";

/**
 * Merges and commits without a work tree. What it makes lies in the repository's object folder, unsynced: call
 * `repo.makeDurable(commit, since)` before a ref or a fact names it. Closing it ends its reader process; an
 * unclosed one never keeps the program alive.
 */
export interface Hub extends Disposable {
  /** The repository that it computes for. */
  readonly repo: Repository;
  /** Attributes are those of `ours`. Throws `UNRELATED_HISTORIES`, `OBJECT_MISSING`. */
  merge(request: MergeRequest): Promise<MergeResult>;
  commit(request: CommitRequest): Promise<Oid>;
  /** A batch of merges, one commit each; durable when it returns, unlike the others. See {@link mergeMany}. */
  mergeMany(request: BatchRequest): Promise<BatchResult>;
  /** The tree of a commit. Throws `OBJECT_MISSING`. */
  treeOf(commit: Oid): Promise<Oid>;
  /** The content of a file in a commit or tree; `undefined` when the path is no regular file there. */
  fileAt(treeish: Oid, path: string): Promise<Buffer | undefined>;
  /** The content of a blob. Throws `OBJECT_MISSING`. */
  blob(oid: Oid): Promise<Buffer>;
  /** A tree with one file's content replaced, all else the same; see {@link replaceFile}. */
  replaceFile(replacement: FileReplacement): Promise<Oid | undefined>;
  /** Content drivers (`filter=…`, `merge=…`) that the `.gitattributes` files of a commit or tree name. */
  driversNamed(treeish: Oid): Promise<readonly string[]>;
}

/** Opens the hub of a repository, made where it is not there; close it by `using`. */
export async function openHub(repo: Repository): Promise<Hub> {
  const place = await repo.door.hubPlace();
  const folder = place.cwd;
  const reader = openObjectReader(place);
  let writer: CommitWriter | undefined;
  const memo: AttributesMemo = new Map();
  const treeOf = async (treeish: Oid): Promise<Oid> => {
    const tree = await reader.read(`${treeish}^{tree}`);
    if (tree === undefined) throw objectMissing(treeish);
    return tree.oid;
  };
  const attributesOf = async (treeish: Oid) => treeAttributes(reader, await treeOf(treeish), memo);
  const writeText = (text: CommitText) => {
    writer ??= openCommitWriter(place);
    return writer.write(text);
  };
  const commit = async (request: CommitRequest) => writeText(await textOf(repo, request));

  const mergeCommits = async (ours: Oid, theirs: Oid, attributes: string): Promise<MergeResult> => {
    const { code, stdout, stderr } = await repo.door.inHub({
      command: "merge-tree",
      options: ["--write-tree", "-z", "--messages"],
      values: [ours, theirs],
      workTree: attributes,
      durable: false,
      codes: [0, 1, 128],
    });
    const answer = parseMergeTree(stdout);
    if (!isOid(answer.tree)) throw await whyNoMerge(repo, ours, theirs, stderr);
    if (code === 0) return { kind: "merged", tree: answer.tree };
    return { kind: "conflicted", ...answer, marked: { ours, theirs } };
  };

  const hub: Hub = {
    repo,
    treeOf,
    commit,
    mergeMany: (request) =>
      mergeMany(repo, { reader, merge: (merge) => hub.merge(merge), textOf: (text) => textOf(repo, text) }, request),
    async merge({ ours, theirs, base }) {
      const attributes = await attributesFolder(folder, await attributesOf(ours));
      if (base !== undefined) {
        const [one, two] = await Promise.all(
          [ours, theirs].map(async (side) => writeText(oneSide(base, await treeOf(side)))), // git 2.39 takes no merge base
        );
        return mergeCommits(one!, two!, attributes);
      }
      const result = await mergeCommits(ours, theirs, attributes);
      if (result.kind !== "merged" || result.tree !== (await treeOf(ours))) return result;
      return (await repo.isAncestor(theirs, ours)) ? { kind: "alreadyMerged" } : result;
    },
    async fileAt(treeish, path) {
      const entry = await entryAt(reader, await treeOf(treeish), path);
      return entry?.mode.startsWith("100") === true ? (await reader.read(entry.oid))?.content : undefined;
    },
    async blob(oid) {
      const object = await reader.read(oid);
      if (object?.type !== "blob") throw objectMissing(oid);
      return object.content;
    },
    async replaceFile(replacement) {
      const objects = pendingObjects(reader, repo.objectFormat);
      const tree = await replaceFile(objects, { ...replacement, tree: await treeOf(replacement.tree) });
      if (tree === undefined) return undefined;
      const pack = { command: "index-pack", options: ["--stdin"], stdin: objects.takePack() } as const;
      await repo.door.inHub(pack);
      return tree;
    },
    async driversNamed(treeish) {
      const named = new Set<string>();
      for (const { content } of await attributesOf(treeish)) {
        for (const [driver] of content.toString("latin1").matchAll(/(?:filter|merge)=[^\s]+/g)) named.add(driver);
      }
      return [...named].sort();
    },
    [Symbol.dispose]: () => {
      reader[Symbol.dispose]();
      writer?.[Symbol.dispose]();
    },
  };
  return hub;
}

async function textOf(repo: Repository, { tree, parents, message, author, at }: CommitRequest): Promise<CommitText> {
  const committer = await repo.identity();
  const now = repo.clock.now();
  return {
    tree: parseOid(tree),
    parents: parents.map(parseOid),
    author: author ?? committer,
    committer,
    message,
    at: at ?? Math.floor(now / 1000),
    offset: at === undefined ? -new Date(now).getTimezoneOffset() : 0,
  };
}

async function whyNoMerge(repo: Repository, ours: Oid, theirs: Oid, stderr: string): Promise<Error> {
  for (const oid of [ours, theirs]) await repo.commitInfo(oid);
  if ((await repo.mergeBase(ours, theirs)) === undefined) return unrelatedHistories(ours, theirs);
  return gitFailedToMerge(stderr);
}

function gitFailedToMerge(stderr: string): Error {
  return objectMissing(/[0-9a-f]{40,64}/.exec(stderr)?.[0] ?? stderr.slice(0, 200));
}
