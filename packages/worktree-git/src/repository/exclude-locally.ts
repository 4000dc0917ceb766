import { lstat, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { underLock } from "./mutex.ts";
import type { Repository } from "./repository.ts";

/** See {@link Repository.excludeLocally}. Patterns start with a slash, so that they mean one place. */
export async function excludeLocally(repo: Repository, patterns: readonly string[]): Promise<void> {
  await underLock(repo, "exclude", "write .git/info/exclude", async () => {
    const folder = join(repo.place.commonDir, "info");
    await mkdir(folder, { recursive: true });
    const path = join(folder, "exclude");
    const text = await readText(path);
    const there = new Set(text.split(/\r?\n/));
    const missing = [...new Set(patterns.map(anchored))].filter((pattern) => !there.has(pattern));
    if (missing.length === 0) return;
    const mode = ((await lstat(path).catch(() => undefined))?.mode ?? 0o644) & 0o777;
    const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    await writeDurable(nodeFiles, path, `${start}${missing.join("\n")}\n`, { mode });
  });
}

function anchored(pattern: string): string {
  return pattern.startsWith("/") ? pattern : `/${pattern}`;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return "";
    throw error;
  }
}
