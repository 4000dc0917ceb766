import { isUtf8 } from "node:buffer";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { linkAbove } from "../checkout/stands-at.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { joinNul, shownPath, splitNul } from "../git/paths.ts";
import type { Repository } from "../repository/repository.ts";
import { trashFolder } from "../repository/state-folders.ts";
import { requireWorktree } from "./find-worktree.ts";

/** Which files the patterns gave, and which they named in vain. */
export interface IgnoredFiles {
  /** Relative to the main checkout, with forward slashes; links are among them, folders never. */
  readonly files: readonly string[];
  /** Named by the patterns and left out, with the reason; at most 100 of each reason are listed. */
  readonly leftOut: readonly {
    readonly path: string;
    readonly why: "tracked" | "notIgnored" | "repository" | "name";
  }[];
}

const LISTED = 100;
const LIMIT_MS = 300_000;

/**
 * The files of the main checkout that `patterns` (in the syntax of `.gitignore`) name, that git ignores and does not
 * track. git itself reads the patterns; they reach nothing outside of the checkout and no other repository in it.
 */
export async function ignoredFilesNamed(repo: Repository, patterns: string): Promise<IgnoredFiles> {
  const main: WorktreePlace = { root: repo.place.mainRoot, gitDir: repo.place.commonDir };
  const [named, tracked] = await namedBy(repo, main, patterns);
  const usable = named.filter((path) => isUtf8(path)).map((path) => path.toString("utf8"));
  const files = usable.filter((path) => !path.endsWith("/"));
  const ignored = new Set(await ignoredIn(repo, main.root, files));
  const leave = (paths: readonly string[], why: IgnoredFiles["leftOut"][number]["why"]) =>
    paths.slice(0, LISTED).map((path) => ({ path, why }));
  return {
    files: files.filter((path) => ignored.has(path)),
    leftOut: [
      ...leave(tracked.map(shownPath), "tracked"),
      ...leave(
        files.filter((path) => !ignored.has(path)),
        "notIgnored",
      ),
      ...leave(
        usable.filter((path) => path.endsWith("/")),
        "repository",
      ),
      ...leave(named.filter((path) => !isUtf8(path)).map(shownPath), "name"),
    ],
  };
}

/**
 * Those of `paths` that git ignores and does not track in the worktree at `root`; they need not exist there. What would lie
 * behind a link or in a submodule is none of them.
 */
export async function ignoredIn(repo: Repository, root: string, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const place = await requireWorktree(repo, root);
  const all = await checkIgnore(repo, place, paths, [0, 1, GAVE_UP]);
  // Over one path behind a link or in a submodule git gives up, and says nothing of the others.
  const { stdout } =
    all.code === GAVE_UP ? await checkIgnore(repo, place, await ownOf(repo, place, paths), [0, 1]) : all;
  return splitNul(stdout).map((path) => path.toString("utf8").slice("./".length));
}

function checkIgnore(repo: Repository, place: WorktreePlace, paths: readonly string[], codes: readonly number[]) {
  return repo.door.inWorktree(place, {
    command: "check-ignore",
    options: ["-z", "--stdin"],
    stdin: joinNul(paths.map((path) => `./${path}`)),
    // It knows no literal pathspecs; behind ./ nothing is magic.
    variables: { GIT_LITERAL_PATHSPECS: "0" },
    codes,
    limitMs: LIMIT_MS,
  });
}

const GAVE_UP = 128;

async function ownOf(repo: Repository, place: WorktreePlace, paths: readonly string[]): Promise<readonly string[]> {
  const options = ["-z", "--stage"];
  const { stdout } = await repo.door.inWorktree(place, { command: "ls-files", options, limitMs: LIMIT_MS });
  const submodules = splitNul(stdout)
    .filter((line) => line.subarray(0, SUBMODULE.length).equals(SUBMODULE))
    .map((line) => `${line.subarray(line.indexOf("\t") + 1).toString("utf8")}/`);
  const isBelowLink = linkAbove(place.root);
  const own: string[] = [];
  for (const path of paths) {
    if (!submodules.some((folder) => path.startsWith(folder)) && !(await isBelowLink(Buffer.from(path))))
      own.push(path);
  }
  return own;
}

const SUBMODULE = Buffer.from("160000 ");

async function namedBy(
  repo: Repository,
  main: WorktreePlace,
  patterns: string,
): Promise<readonly [named: readonly Buffer[], tracked: readonly Buffer[]]> {
  const folder = await trashFolder(repo, "patterns");
  const file = join(folder, "patterns");
  try {
    await writeFile(file, patterns, { mode: 0o600 });
    const list = async (which: "--others" | "--cached") => {
      const options = ["-z", which, "--ignored", `--exclude-from=${file}`];
      const { stdout } = await repo.door.inWorktree(main, { command: "ls-files", options, limitMs: LIMIT_MS });
      return splitNul(stdout);
    };
    return await Promise.all([list("--others"), list("--cached")]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
