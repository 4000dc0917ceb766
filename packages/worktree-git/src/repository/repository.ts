import type { Locks } from "@orchard/host";
import type { Clock } from "@orchard/kernel";
import type { GitDoor } from "../git/git-door.ts";
import type { ObjectFormat, Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { ExecutableSetting } from "./executable-settings.ts";
import type { RepositoryPlace } from "./find-repository.ts";

/** Whom a commit names as its author or committer. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** What a commit says; names and words in it are as untrusted as whoever wrote them. */
export interface CommitInfo {
  readonly oid: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly author: Person;
  /** ISO time with the author's offset. */
  readonly authoredAt: string;
  readonly committer: Person;
  readonly committedAt: string;
  readonly subject: string;
  readonly body: string;
}

/** A path that differs between two commits. */
export interface ChangedPath {
  /** As text for people and for comparing; bytes that are not UTF-8 are written `\xNN`. */
  readonly path: string;
  readonly status: "added" | "changed" | "deleted" | "typeChanged";
}

/** What a caller may want to know of our steps in the user's repository, before and after each. */
export interface IntentRecorder {
  started(intent: GitIntent): Promise<void>;
  ended(intent: GitIntent): Promise<void>;
}

/** One step in the user's repository: `path` is the root of the work tree, `token` the same before and after. */
export interface GitIntent {
  readonly kind: "advance" | "remove" | "restore";
  readonly token: string;
  readonly path: string;
}

/** One repository, open. Nothing here holds a file or a process: it needs no closing. */
export interface Repository {
  readonly place: RepositoryPlace;
  /** Where hub, trash and intents lie: `<git common dir>/orch`. */
  readonly stateDir: string;
  readonly objectFormat: ObjectFormat;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly record: IntentRecorder;
  readonly door: GitDoor;
  /** Settings that run programs and that the user accepted. */
  readonly accepted: readonly ExecutableSetting[];
  /** The private git dir for computing, made when it is not there. */
  hubFolder(): Promise<string>;

  /** The commit that a ref leads to; `undefined` when there is no such ref. */
  resolve(ref: RefName): Promise<Oid | undefined>;
  /** HEAD of the main checkout; without `commit` its branch has none yet. */
  head(): Promise<{ readonly branch?: RefName; readonly commit?: Oid }>;
  isAncestor(ancestor: Oid, descendant: Oid): Promise<boolean>;
  /** The best common ancestor, the first one when there are several. */
  mergeBase(a: Oid, b: Oid): Promise<Oid | undefined>;
  /** Paths that differ between two commits; a rename is one deleted and one added path. */
  changedPaths(from: Oid, to: Oid): Promise<readonly ChangedPath[]>;
  /** Commits that `to` has and `from` has not. */
  countCommits(from: Oid, to: Oid): Promise<number>;
  /** A diff for people; external diff programs and text conversions of the settings never run. */
  diffText(from: Oid, to: Oid, options?: { readonly color?: boolean; readonly stat?: boolean }): Promise<string>;
  /** A file's bytes in a commit; `undefined` when it is not there or no file. */
  readFileAt(commit: Oid, path: string | Buffer): Promise<Buffer | undefined>;
  /** Throws `OBJECT_MISSING`. */
  commitInfo(oid: Oid): Promise<CommitInfo>;
  /** Commits of `to` that `from` has not, newest first, at most `limit`. */
  log(from: Oid | undefined, to: Oid, limit: number): Promise<readonly CommitInfo[]>;
  /** Whose name our commits carry: the user's, or `Orchard <orchard@localhost>` where git has none. */
  identity(): Promise<Person>;

  /** {@link Repository.moveRef} of a ref that must not be there yet. */
  createRef(ref: RefName, to: Oid, message: string): Promise<"moved" | "stale">;
  /**
   * Compare-and-swap, durable when it returns (the objects are the caller's: {@link Repository.makeDurable}).
   * `stale` when the ref was not at `expected`. Never for a branch that a worktree has checked out. Throws `REF_LOCKED`.
   */
  moveRef(ref: RefName, to: Oid, expected: Oid | "absent", message: string): Promise<"moved" | "stale">;
  /** Deletes a ref that is at `expected`; gone already counts as deleted. */
  deleteRef(ref: RefName, expected: Oid): Promise<"deleted" | "stale">;
  /** Work trees that have `ref` checked out, also those in the middle of a rebase or bisect of it. */
  checkedOutAt(ref: RefName): Promise<readonly string[]>;
  /**
   * When it returns, every object that `commit` needs and `since` does not survives a power cut. Without `since`:
   * all that is reachable and not yet packed.
   */
  makeDurable(commit: Oid, since?: Oid): Promise<void>;
  /** Anchored patterns in `.git/info/exclude`, each once; what stands there stays. */
  excludeLocally(patterns: readonly string[]): Promise<void>;
}
