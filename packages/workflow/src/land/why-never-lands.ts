import { type CommittedFile, committedFiles, isPlainFile, type Oid, type Repository } from "@orchard/worktree-git";
import { CONFIG_FILE, whyNoConfig } from "../config/accepted-config.ts";
import { INCLUDE_FILE, LONGEST_INCLUDE } from "../environment/bring-in-ignored.ts";

/** Folders of the checkout in which Orchard writes; whatever a lane put there would be taken for its own, links too. */
const OWN = [".orchestration", ".worktrees"];

/** What keeps work from landing whatever the verify commands say. */
export interface Never {
  readonly cause: "own-folders" | "bad-config";
  /** What it would land, as the end of a sentence. */
  readonly what: string;
}

/**
 * What of the paths that `commit` changes can never land: a path where only Orchard writes; a configuration that cannot be read,
 * with which nearly every command would end before it began; a `.worktreeinclude` with which no worktree could be set up.
 */
export async function whyNeverLands(
  repository: Repository,
  commit: Oid,
  paths: readonly { readonly path: string }[],
): Promise<Never | undefined> {
  const own = paths.find(({ path }) => OWN.includes(topOf(path)))?.path;
  if (own !== undefined) return { cause: "own-folders", what: `${own}, where only Orchard writes` };
  const top = new Set(paths.map(({ path }) => topOf(path)));
  if (!top.has(CONFIG_FILE) && !top.has(INCLUDE_FILE)) return undefined;
  const files = await committedFiles(repository, commit);
  const what =
    (top.has(CONFIG_FILE) ? (notPlain(files, CONFIG_FILE) ?? (await badConfig(repository, commit))) : undefined) ??
    (top.has(INCLUDE_FILE) ? notPlain(files, INCLUDE_FILE, LONGEST_INCLUDE) : undefined);
  return what === undefined ? undefined : { cause: "bad-config", what };
}

function topOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function notPlain(files: readonly CommittedFile[], name: string, longest = Infinity): string | undefined {
  const found = files.filter(({ path }) => topOf(path) === name);
  const isGood = found.every((file) => file.path === name && isPlainFile(file) && file.size <= longest);
  return isGood ? undefined : `${name} as something else than a plain file that can be read`;
}

async function badConfig(repository: Repository, commit: Oid): Promise<string | undefined> {
  const why = whyNoConfig((await repository.readFileAt(commit, CONFIG_FILE))?.toString("utf8") ?? "");
  return why === undefined ? undefined : `a configuration that cannot be read: ${why}`;
}
