import { createHash, randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConflictedFile } from "../hub/parse-merge-tree.ts";
import type { Repository } from "../repository/repository.ts";
import { stateFolder } from "../repository/state-folders.ts";

/** What was found out before, by the two commits that were merged: `"<ours> <theirs>"`. */
export type KnownAnswers = ReadonlyMap<string, readonly ConflictedFile[]>;

/**
 * Answers of an earlier comparison. Two commits always merge the same way, as long as the same merge drivers are accepted;
 * a file that cannot be read counts as none.
 */
export async function readKnownAnswers(repo: Repository): Promise<KnownAnswers> {
  try {
    const stored = JSON.parse(await readFile(await fileOf(repo), "utf8")) as Stored;
    if (stored.under !== circumstances(repo)) return new Map();
    return new Map([...stored.clean.map((key) => [key, NONE] as const), ...Object.entries(stored.conflicts)]);
  } catch {
    return new Map();
  }
}

/** Keeps these answers and forgets all others. */
export async function keepAnswers(repo: Repository, answers: KnownAnswers): Promise<void> {
  const entries = [...answers];
  const stored: Stored = {
    under: circumstances(repo),
    clean: entries.filter(([, files]) => files.length === 0).map(([key]) => key),
    conflicts: Object.fromEntries(entries.filter(([, files]) => files.length > 0)),
  };
  const file = await fileOf(repo);
  const temporary = `${file}.${randomBytes(8).toString("hex")}.tmp`;
  await writeFile(temporary, JSON.stringify(stored), { mode: 0o600 });
  await rename(temporary, file);
}

interface Stored {
  readonly under: string;
  readonly clean: readonly string[];
  readonly conflicts: Readonly<Record<string, readonly ConflictedFile[]>>;
}

const NONE: readonly ConflictedFile[] = [];
const VERSION = 1;

function circumstances({ accepted }: Repository): string {
  return createHash("sha256")
    .update(JSON.stringify([VERSION, accepted]))
    .digest("hex");
}

async function fileOf(repo: Repository): Promise<string> {
  return join(await stateFolder(repo, "comparing"), "known.json");
}
