import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileLocks } from "@orchard/host";
import { type GitRepo, gitRepo } from "@orchard/testkit";
import {
  addWorktree,
  branchRef,
  findRepository,
  type Oid,
  type OpenOptions,
  openRepository,
  parseOid,
  type RefName,
  type Repository,
} from "../../src/index.ts";

/** A real repository on `main`, opened the way the product does it. */
export interface Opened extends Disposable {
  readonly git: GitRepo;
  readonly repo: Repository;
  readonly base: Oid;
  readonly main: RefName;
  /** Path below `.worktrees`. */
  lanePath(name: string): string;
  /** A ready worktree on branch `lane-<name>` at the base. */
  addLane(name: string): Promise<string>;
}

process.env["HOME"] = "/nonexistent"; // nobody's own settings take part
process.env["XDG_CONFIG_HOME"] = "/nonexistent";

export const MAIN = branchRef("main");

export async function opened(
  files?: Readonly<Record<string, string>>,
  options: Partial<OpenOptions> & { readonly format?: "sha256" } = {},
): Promise<Opened> {
  const git = gitRepo(files);
  mkdirSync(join(git.path, ".worktrees"));
  const repo = await reopen(git.path, options);
  await repo.excludeLocally([".worktrees/"]);
  const base = parseOid(git.git(["rev-parse", "HEAD"]));
  const lanePath = (name: string) => join(git.path, ".worktrees", `agent-${name}`);
  return {
    git,
    repo,
    base,
    main: MAIN,
    lanePath,
    addLane: async (name) => {
      const path = lanePath(name);
      await addWorktree(repo, { path, branch: branchRef(`lane-${name}`), start: base, reason: `lane ${name}` });
      return path;
    },
    [Symbol.dispose]: () => git[Symbol.dispose](),
  };
}

export function reopen(path: string, options: Partial<OpenOptions> = {}): Promise<Repository> {
  const place = findRepository(path);
  if (place === undefined) throw new Error(`${path} is no repository`);
  return openRepository(place, { stateDir: join(place.commonDir, "orch"), locks: fileLocks, ...options });
}

/** Commits on a branch without a checkout: `lane` starts at `from`. */
export function commitOn(
  git: GitRepo,
  branch: string,
  from: string,
  files: Readonly<Record<string, string | null>>,
): Oid {
  const lines = Object.entries(files).flatMap(([path, text]) =>
    text === null
      ? [`D ${JSON.stringify(path)}`]
      : [`M 100644 inline ${JSON.stringify(path)}`, `data ${Buffer.byteLength(text)}`, text],
  );
  const input = [
    `commit refs/heads/${branch}`,
    "committer Ada Tester <ada@example.invalid> 1767323045 +0000",
    "data 5",
    "work\n",
    `from ${from}`,
    ...lines,
    "",
  ].join("\n");
  git.git(["fast-import", "--quiet", "--force"], { input });
  return parseOid(git.git(["rev-parse", `refs/heads/${branch}`]));
}
