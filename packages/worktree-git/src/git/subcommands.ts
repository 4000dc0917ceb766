/**
 * What our door knows of each git subcommand it may call.
 *
 * `values`: where a value that came from outside may stand.
 * - `end-of-options`: git 2.39 takes `--end-of-options` before it, so it can never become an option.
 * - `verify`: the same, but only behind `--verify`.
 * - `checked`: git refuses `--end-of-options` here; only full refs and object ids may be given, and paths after `--`.
 * - `none`: the call takes no values; data goes through stdin.
 *
 * `writes`: the call changes refs, an index, objects or files, so what it writes is synced.
 */
export const SUBCOMMANDS = {
  "cat-file": { values: "end-of-options", writes: false },
  "check-attr": { values: "none", writes: false },
  "check-ignore": { values: "none", writes: false },
  "check-ref-format": { values: "checked", writes: false },
  "checkout-index": { values: "none", writes: true },
  clean: { values: "none", writes: true },
  "commit-tree": { values: "end-of-options", writes: true },
  config: { values: "end-of-options", writes: false },
  diff: { values: "end-of-options", writes: false },
  "diff-files": { values: "none", writes: false },
  "diff-index": { values: "end-of-options", writes: false },
  "diff-tree": { values: "end-of-options", writes: false },
  "for-each-ref": { values: "end-of-options", writes: false },
  "hash-object": { values: "none", writes: true },
  "index-pack": { values: "none", writes: true },
  init: { values: "end-of-options", writes: true },
  "ls-files": { values: "none", writes: false },
  "ls-tree": { values: "end-of-options", writes: false },
  merge: { values: "end-of-options", writes: true },
  "merge-base": { values: "end-of-options", writes: false },
  "merge-tree": { values: "end-of-options", writes: true },
  "pack-objects": { values: "end-of-options", writes: true },
  "patch-id": { values: "none", writes: false },
  "read-tree": { values: "end-of-options", writes: true },
  "rev-list": { values: "end-of-options", writes: false },
  "rev-parse": { values: "verify", writes: false },
  status: { values: "none", writes: false },
  "symbolic-ref": { values: "end-of-options", writes: false },
  "update-index": { values: "none", writes: true },
  "update-ref": { values: "end-of-options", writes: true },
  version: { values: "none", writes: false },
  "worktree add": { values: "end-of-options", writes: true },
  "worktree list": { values: "none", writes: false },
  "write-tree": { values: "none", writes: true },
} as const satisfies Record<string, SubcommandRule>;

export type Subcommand = keyof typeof SUBCOMMANDS;

export interface SubcommandRule {
  readonly values: "end-of-options" | "verify" | "checked" | "none";
  readonly writes: boolean;
}
