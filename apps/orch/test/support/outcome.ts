import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Field } from "./field.ts";

/** What a walk ends with: the base's tree, and the tracker without what may differ between two runs of the same. */
export interface Outcome {
  readonly tree: string;
  readonly tracker: unknown;
  readonly branches: readonly string[];
  /** Folders in `.worktrees` with what `git status` says there; the scratch ones of verifying apart. */
  readonly worktrees: Readonly<Record<string, string>>;
}

export function outcomeOf(field: Field): Outcome {
  const { repo, folder } = field;
  return {
    tree: repo.git(["rev-parse", "main^{tree}"]),
    tracker: withoutChance(trackerOf(repo.path, folder)),
    branches: repo.git(["for-each-ref", "--format=%(refname)", "refs/heads"]).split("\n"),
    worktrees: worktreesOf(field),
  };
}

function trackerOf(repository: string, folder: string): unknown {
  const path = join(repository, ".orchestration", "tracker.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8").replaceAll(folder, "<folder>")) : undefined;
}

function worktreesOf({ repo }: Field): Readonly<Record<string, string>> {
  const home = join(repo.path, ".worktrees");
  const names = existsSync(home) ? readdirSync(home).filter((name) => !name.startsWith("verify")) : [];
  const status = (name: string) => repo.git(["status", "--porcelain", "--branch"], { cwd: join(home, name) });
  return Object.fromEntries(names.sort().map((name) => [name, status(name)]));
}

/** Times, tokens, process ids and object ids are chance; so is an attempt that was given up before any agent ran. */
function withoutChance(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isAbandoned(item)).map(withoutChance);
  if (typeof value === "string") return plain(value);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key]) => !CHANCE.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutChance(item)]));
}

/** `journal` is the view's place in the journal. */
const CHANCE: ReadonlySet<string> = new Set(["journal", "token", "attempt_token", "pid", "elapsedMs"]);

function plain(text: string): string {
  return text
    .replace(/\b[0-9a-f]{40}\b/g, "<oid>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replace(/\b[0-9a-f]{32}\b/g, "<token>");
}

function isAbandoned(item: unknown): boolean {
  return typeof item === "object" && item !== null && "abandoned" in item && item.abandoned === true;
}
