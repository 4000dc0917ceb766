import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { type IsoTime, isSystemError } from "@orchard/kernel";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import { namesIn } from "../repository/names-in.ts";
import type { Repository } from "../repository/repository.ts";
import type { RescueKey } from "./rescue-name.ts";

/** What the trash remembers of a removed worktree, in `<trash>/<name>-<number>/rescue.json`. */
export interface TrashEntry extends RescueKey {
  readonly path: string;
  /** Name of its admin folder below `<git common dir>/worktrees`. */
  readonly admin: string;
  readonly head: Oid | undefined;
  readonly branch: RefName | undefined;
  readonly removedAt: IsoTime;
  /** Where its tracked files went on to: the trash holds the ignored ones and a copy of its admin folder. */
  readonly retiredTo?: string;
}

export function trashOf(repo: Repository, { name, number }: RescueKey): string {
  return join(repo.stateDir, "trash", `${name}-${number}`);
}

export async function writeTrashEntry(repo: Repository, entry: TrashEntry): Promise<void> {
  await writeDurable(nodeFiles, join(trashOf(repo, entry), "rescue.json"), `${JSON.stringify(entry, null, 2)}\n`);
}

export async function readTrashEntry(repo: Repository, key: RescueKey): Promise<TrashEntry | undefined> {
  return readEntry(join(trashOf(repo, key), "rescue.json"));
}

/** Everything in the trash that came from a removal, oldest first. */
export async function readTrash(repo: Repository): Promise<readonly TrashEntry[]> {
  const folder = join(repo.stateDir, "trash");
  const names = await namesIn(folder);
  const entries = await Promise.all(names.map((name) => readEntry(join(folder, name, "rescue.json"))));
  const found = entries.filter((entry) => entry !== undefined);
  return found.sort((a, b) => (a.removedAt < b.removedAt ? -1 : a.removedAt > b.removedAt ? 1 : a.number - b.number));
}

async function readEntry(path: string): Promise<TrashEntry | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as TrashEntry;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
