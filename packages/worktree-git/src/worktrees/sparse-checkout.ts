import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sparseNotPossible } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { isThere } from "../repository/is-there.ts";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";

/** The settings of one worktree, where git looks for them once `extensions.worktreeConfig` is on. */
const SETTINGS = "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = true\n";

/**
 * Makes a worktree that nothing was checked out in yet a sparse one: only files of these folders, and those that lie
 * in the folders above them. As `git sparse-checkout set` does, this turns on `extensions.worktreeConfig` for the
 * repository; without it git would not see what is written to a path that is left out. The caller holds the mutex.
 * Throws `SPARSE_NOT_POSSIBLE`.
 */
export async function makeSparse(
  repo: Repository,
  { gitDir }: WorktreePlace,
  folders: readonly string[],
): Promise<void> {
  const patterns = conePatterns(folders);
  await allowSettingsOfWorktrees(repo);
  await mkdir(join(gitDir, "info"), { recursive: true });
  await writeFile(join(gitDir, "info", "sparse-checkout"), patterns);
  await writeFile(join(gitDir, "config.worktree"), SETTINGS);
}

/** How much of its commit a worktree holds: all, folders as {@link makeSparse} wrote them, or what other settings say. */
export async function sparsenessOf(gitDir: string): Promise<"whole" | "ours" | "other"> {
  const settings = join(gitDir, "config.worktree");
  if (!(await isThere(settings))) return "whole";
  return (await plainText(settings)) === SETTINGS ? "ours" : "other";
}

/** Whether the worktree with that git dir holds just these folders; without any, whether it holds everything. */
export async function isSparseFor(gitDir: string, folders: readonly string[] = []): Promise<boolean> {
  const sparseness = await sparsenessOf(gitDir);
  if (folders.length === 0) return sparseness === "whole";
  return sparseness === "ours" && (await plainText(join(gitDir, "info", "sparse-checkout"))) === conePatterns(folders);
}

/** What `git sparse-checkout set --cone` writes for these folders. Throws `SPARSE_NOT_POSSIBLE`. */
export function conePatterns(folders: readonly string[]): string {
  const named = [...new Set(folders.map(plain))].sort();
  const whole = named.filter((folder) => !named.some((other) => folder.startsWith(`${other}/`)));
  const above = [...new Set(whole.flatMap(parentsOf))].sort();
  const lines = [
    ...above.flatMap((folder) => [`/${folder}/`, `!/${folder}/*/`]),
    ...whole.map((folder) => `/${folder}/`),
  ];
  return `${["/*", "!/*/", ...lines].join("\n")}\n`;
}

function plain(folder: string): string {
  const path = folder.replace(/^\.\//, "").replace(/\/+$/, "");
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || /[*?[\]\\!#\n\r\0]|^\s|\s$/.test(path)) {
    throw sparseNotPossible(`${JSON.stringify(folder)} is no folder inside the repository that could be named in it`);
  }
  return path;
}

function parentsOf(folder: string): readonly string[] {
  const parts = folder.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** git asks that what would change its meaning for other worktrees is not in the shared settings. */
async function allowSettingsOfWorktrees(repo: Repository): Promise<void> {
  const read = async (key: string) => {
    const options = ["--local", "--get"];
    const { stdout } = await repo.door.inRepository({ command: "config", options, values: [key], codes: [0, 1] });
    return stdout.toString("utf8").trim();
  };
  if ((await read("extensions.worktreeConfig")) === "true") return;
  for (const key of ["core.worktree", "core.sparseCheckout"]) {
    if ((await read(key)) !== "") throw sparseNotPossible(`the repository's own settings hold ${key}`);
  }
  await repo.door.inRepository({
    command: "config",
    options: ["--local"],
    values: ["extensions.worktreeConfig", "true"],
  });
}
