import { realpathSync } from "node:fs";
import { delimiter, dirname } from "node:path";

const VARIABLE = "GIT_CEILING_DIRECTORIES";

/** Any environment: the caller's, or `env` of the configuration. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variable that keeps git, run in a worktree that lost its `.git`, from taking the person's checkout above it for
 * that worktree: it looks no higher than the folder that holds `worktree`. What `environments` say of it stays in force.
 * git separates the folders by colons, so that one with a colon in its path cannot be told to it; then there is no such
 * ceiling. https://git-scm.com/docs/git#Documentation/git.txt-GITCEILINGDIRECTORIES
 */
export function gitCeiling(worktree: string, environments: readonly Variables[]): Record<string, string> {
  const above = dirname(realOf(worktree));
  // Ours is first: behind an empty part git takes no path's links for resolved.
  const parts = [above.includes(delimiter) ? undefined : above, ...environments.map((each) => each[VARIABLE])];
  const value = [...new Set(parts.filter((part) => part !== undefined && part !== ""))].join(delimiter);
  return value === "" ? {} : { [VARIABLE]: value };
}

/** git compares with the folder that it stands in, which has no links in it. */
function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
