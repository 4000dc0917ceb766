import { committedFiles, isPlainFile, type Oid, type Repository } from "@orchard/worktree-git";
import { CONFIG_FILE, whyNoConfig } from "../config/accepted-config.ts";
import { INCLUDE_FILE, LONGEST_INCLUDE } from "../environment/bring-in-ignored.ts";
import { pathInOwnFolders } from "./own-folders.ts";

/** What keeps work from landing whatever the verify commands say. */
export interface Never {
  readonly cause: "own-folders" | "bad-config";
  /** What it would land, as the end of a sentence. */
  readonly what: string;
}

/**
 * What between the two commits can never land: a path where only Orchard writes; a configuration that cannot be read,
 * with which nearly every command would end before it began; a `.worktreeinclude` with which no worktree could be set up.
 */
export async function whyNever(repository: Repository, from: Oid, to: Oid): Promise<Never | undefined> {
  const own = await pathInOwnFolders(repository, from, to);
  if (own !== undefined) return { cause: "own-folders", what: `${own}, where only Orchard writes` };
  const changed = new Set((await repository.changedPaths(from, to)).map(({ path }) => path.split("/")[0]));
  const what =
    (changed.has(CONFIG_FILE) ? await badConfig(repository, to) : undefined) ??
    (changed.has(INCLUDE_FILE) ? await badInclude(repository, to) : undefined);
  return what === undefined ? undefined : { cause: "bad-config", what };
}

async function badConfig(repository: Repository, commit: Oid): Promise<string | undefined> {
  const why = whyNoConfig((await repository.readFileAt(commit, CONFIG_FILE))?.toString("utf8") ?? "");
  return why === undefined ? undefined : `a configuration that cannot be read: ${why}`;
}

async function badInclude(repository: Repository, commit: Oid): Promise<string | undefined> {
  const all = await committedFiles(repository, commit);
  const files = all.filter(({ path }) => path === INCLUDE_FILE || path.startsWith(`${INCLUDE_FILE}/`));
  const isGood = files.every((file) => file.path === INCLUDE_FILE && isPlainFile(file) && file.size <= LONGEST_INCLUDE);
  return isGood ? undefined : `${INCLUDE_FILE} as something else than a plain file of at most 1 MiB`;
}
