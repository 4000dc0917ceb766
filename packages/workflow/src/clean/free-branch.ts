import type { LaneId } from "@orchard/kernel";
import { parseRef } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { keepCommit } from "./keep-commit.ts";

/** The name of one of our branches is free afterwards; where it pointed stays pinned, whoever moved it there. */
export async function freeBranch(orchard: Orchard, lane: LaneId, branch: string): Promise<void> {
  const repository = await orchard.repository();
  const ref = parseRef(`refs/heads/${branch}`);
  const tip = await repository.resolve(ref);
  if (tip === undefined) return;
  await keepCommit(repository, lane, tip);
  await repository.deleteRef(ref, tip);
}
