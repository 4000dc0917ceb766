import { rm } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, ownIdentity, type ProcessIdentity, randomToken, writeDurable } from "@orchard/host";
import type { Oid } from "../object-id.ts";
import { readLeftOvers } from "../repository/leftover.ts";
import type { Repository } from "../repository/repository.ts";
import { stateFolder } from "../repository/state-folders.ts";
import { MARK } from "../worktrees/registration.ts";

/** An advance that was begun; on disk from before its first step until after its last. */
export interface AdvanceIntent {
  readonly token: string;
  readonly root: string;
  readonly gitDir: string;
  readonly from: Oid;
  readonly to: Oid;
  readonly owner: ProcessIdentity;
}

/** Marks a git that writes for this move, so that it is found after its starter died. */
export function markOf({ token }: Pick<AdvanceIntent, "token">): Readonly<Record<string, string>> {
  return { [MARK]: token };
}

const underWay = new Set<string>();

export async function recordAdvance(
  repo: Repository,
  advance: Pick<AdvanceIntent, "root" | "gitDir" | "from" | "to">,
): Promise<AdvanceIntent> {
  const intent: AdvanceIntent = { ...advance, token: randomToken(), owner: ownIdentity() };
  underWay.add(intent.token);
  await writeDurable(nodeFiles, await fileOf(repo, intent.token), JSON.stringify(intent));
  await repo.record.started({ kind: "advance", token: intent.token, path: intent.root });
  return intent;
}

export async function forgetAdvance(repo: Repository, intent: AdvanceIntent): Promise<void> {
  await rm(await fileOf(repo, intent.token), { force: true });
  underWay.delete(intent.token);
  await repo.record.ended({ kind: "advance", token: intent.token, path: intent.root });
}

/** This process gave up on it: whoever looks next settles it. */
export function abandonAdvance({ token }: AdvanceIntent): void {
  underWay.delete(token);
}

/** Advances whose process died or gave up in the middle. */
export async function leftoverAdvances(repo: Repository): Promise<readonly AdvanceIntent[]> {
  return readLeftOvers(await stateFolder(repo, "advancing"), underWay);
}

async function fileOf(repo: Repository, token: string): Promise<string> {
  return join(await stateFolder(repo, "advancing"), `${token}.json`);
}
