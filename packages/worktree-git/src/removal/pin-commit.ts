import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";
import { underRegistration } from "../worktrees/registration.ts";
import { nextRescueNumber } from "./next-rescue-number.ts";
import { rescueRef } from "./rescue-name.ts";

/** Pins a commit, with all its history, under a rescue ref, before a ref that led to it goes elsewhere. */
export async function pinCommit(
  repo: Repository,
  { commit, name }: { readonly commit: Oid; readonly name: string },
): Promise<RefName> {
  rescueRef({ name, number: 1 });
  return underRegistration(repo, `pin ${commit.slice(0, 10)}`, async () => {
    const rescue = rescueRef({ name, number: await nextRescueNumber(repo, name) });
    if ((await repo.createRef(rescue, commit, "orchard: pinned")) === "stale") {
      throw new Error(`${rescue} appeared while the mutex was held`);
    }
    return rescue;
  });
}
