import { readLeftOvers } from "../repository/leftover.ts";
import type { Repository } from "../repository/repository.ts";
import { stateFolder } from "../repository/state-folders.ts";
import { type AddIntent, repairRegistrations, underRegistration } from "./registration.ts";

/** Worktrees that were being made by a process that died; nothing is changed. */
export async function leftRegistrations(repo: Repository): Promise<readonly Pick<AddIntent, "path" | "reason">[]> {
  return readLeftOvers<AddIntent>(await stateFolder(repo, "adding"), new Set());
}

/** Puts the half-made ones aside, files and registration, so that their paths are free. */
export async function settleRegistrations(repo: Repository): Promise<void> {
  await underRegistration(repo, "put half-made worktrees aside", () => repairRegistrations(repo));
}
