import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Composed, type Oid, parseOid } from "../../src/index.ts";
import type { Opened } from "./opened.ts";

/** Changes to files: new content, `null` to delete, or a function of what stands there (`""` when nothing does). */
export type Edit = Readonly<Record<string, string | null | ((now: string) => string)>>;

/** `count` lines that no two files share. */
export function lines(name: string, count: number): string {
  return Array.from({ length: count }, (_, at) => `${name} ${at + 1}\n`).join("");
}

/** Puts `text` in the place of the line with this number. */
export function line(number: number, text: string): (now: string) => string {
  return (now) =>
    now
      .split("\n")
      .map((each, at) => (at + 1 === number ? text : each))
      .join("\n");
}

/** Edits several lines of one file. */
export function all(...edits: readonly ((now: string) => string)[]): (now: string) => string {
  return (now) => edits.reduce((text, edit) => edit(text), now);
}

/**
 * A commit of `edit` on top of `parent`, made in the main checkout with a detached HEAD, as a person would. `date` in
 * minutes of one hour.
 */
export function commitAt(
  o: Opened,
  parent: Oid,
  edit: Edit,
  message = "work",
  { date = 0, author }: { readonly date?: number; readonly author?: string } = {},
): Oid {
  o.git.git(["checkout", "-q", "--detach", parent]);
  write(o, edit);
  o.git.git(["add", "-A"]);
  const by = author === undefined ? [] : [`--author=${author}`];
  o.git.git(["commit", "-q", "--allow-empty", "-m", message, `--date=2026-01-02T03:${10 + date}:00Z`, ...by]);
  return headOf(o);
}

/** The commit `old`, amended by `edit`. */
export function amended(o: Opened, old: Oid, edit: Edit, message?: string): Oid {
  o.git.git(["checkout", "-q", "--detach", old]);
  write(o, edit);
  o.git.git(["add", "-A"]);
  o.git.git(["commit", "-q", "--amend", ...(message === undefined ? ["--no-edit"] : ["-m", message])]);
  return headOf(o);
}

/** The commits' own patches on top of `onto`, one after the other: `git cherry-pick`; of a merge against its first parent. */
export function applied(o: Opened, onto: Oid, picks: readonly Oid[], cwd = o.git.path): Oid {
  o.git.git(["checkout", "-q", "--detach", onto], { cwd });
  for (const pick of picks) {
    const isMerge = o.git.git(["log", "-1", "--format=%P", pick], { cwd }).includes(" ");
    o.git.git(["cherry-pick", "--allow-empty", ...(isMerge ? ["-m", "1"] : []), pick], { cwd });
  }
  return headOf(o, cwd);
}

function write(o: Opened, edit: Edit): void {
  for (const [path, change] of Object.entries(edit)) {
    const file = join(o.git.path, path);
    if (change === null) rmSync(file);
    else {
      const now = existsSync(file) ? readFileSync(file, "utf8") : "";
      o.git.write({ [path]: typeof change === "string" ? change : change(now) });
    }
  }
}

function headOf(o: Opened, cwd = o.git.path): Oid {
  return parseOid(o.git.git(["rev-parse", "HEAD"], { cwd }));
}

export function treeOf(o: Opened, commit: Oid): string {
  return o.git.git(["rev-parse", `${commit}^{tree}`]);
}

export function filesOf(o: Opened, commit: Oid): readonly string[] {
  return o.git
    .git(["ls-tree", "-r", "--name-only", "-z", commit])
    .split("\0")
    .filter((name) => name !== "");
}

export function fileAt(o: Opened, commit: Oid, path: string): string {
  return o.git.git(["cat-file", "blob", `${commit}:${path}`]);
}

export function parentsOf(o: Opened, commit: Oid): readonly string[] {
  return o.git.git(["log", "-1", "--format=%P", commit]).split(" ");
}

/** The commit of an outcome that must not be a conflict. */
export function commitOf(outcome: Composed): Oid {
  if (outcome.kind === "composed") return outcome.commit;
  throw new Error(`It conflicts at ${outcome.at}: ${outcome.files.map(({ path }) => path).join(", ")}`);
}

/** Everything that a computation in memory must leave as it is: refs, HEAD, index, files. */
export function stateOf(o: Opened): string {
  return [
    o.git.git(["for-each-ref"]),
    readFileSync(join(o.git.path, ".git/HEAD"), "utf8"),
    o.git.git(["ls-files", "--stage", "--debug"]),
    o.git.git(["status", "--porcelain", "--ignored"]),
  ].join("\n---\n");
}
