import type { Repository } from "../repository/repository.ts";
import { listRescueKeys } from "./list-rescues.ts";
import type { RescueKey } from "./rescue-name.ts";
import { readTrash } from "./trash-entry.ts";

/** A number under which nothing of that name was ever kept. The caller holds the registration mutex. */
export async function nextRescueNumber(repo: Repository, name: string): Promise<number> {
  const keys: readonly RescueKey[] = [...(await listRescueKeys(repo)), ...(await readTrash(repo))];
  return Math.max(0, ...keys.filter((key) => key.name === name).map((key) => key.number)) + 1;
}
