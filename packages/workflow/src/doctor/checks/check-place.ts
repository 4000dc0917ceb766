import { join } from "node:path";
import { happened, lanesInOrder, resolveOf } from "@orchard/tracker-core";
import { followMove, leftBehindRegistration } from "@orchard/worktree-git";
import { pathExists } from "../../orchard/path-exists.ts";
import { record } from "../../orchard/record.ts";
import type { Check, Patient } from "../patient.ts";

/** Whether the repository lies where it was set up: its worktrees name it by its whole path. */
export const checkPlace: Check = {
  name: "place",
  look: async (patient) => {
    const { orchard, state } = patient;
    const { mainRoot } = orchard.place;
    const former = state.tracker.home?.mainRepo ?? mainRoot;
    if (former === mainRoot) return [];
    if (await pathExists(join(former, ".git"))) {
      return [
        {
          code: "repository-copied",
          severity: "error",
          sentence: `This repository is a copy of ${former}, and its worktrees belong to that one.`,
          todo: "Work in the original, or make a clone of it (git clone) and set that up: orch init",
        },
      ];
    }
    return [
      {
        code: "repository-moved",
        severity: "error",
        sentence: `The repository was moved here from ${former}; its worktrees still name the old place.`,
        todo: "orch doctor --repair lets the worktrees and the records follow.",
        repair: () => follow(patient, former),
      },
    ];
  },
};

async function follow({ orchard, state, repository }: Patient, formerRoot: string) {
  const { mainRoot, worktreesDir } = orchard.place;
  const paths = lanesInOrder(state.tracker)
    .flatMap((lane) => [lane.worktree?.path, resolveOf(lane)?.path])
    .filter((path) => path !== undefined);
  let followed = 0;
  for (const path of [...paths, ".worktrees/verify", ".worktrees/verify-beside"]) {
    const moved = { path: join(mainRoot, path), formerRoot };
    if ((await leftBehindRegistration(repository, moved)) === undefined) continue;
    await followMove(repository, moved);
    followed += 1;
  }
  await record(orchard, `the repository was moved to ${mainRoot}`, (tracker) =>
    tracker.home?.mainRepo === mainRoot
      ? { facts: [], outcome: null }
      : happened({ type: "repository-moved", mainRepo: mainRoot, worktreesDir }),
  );
  return { did: `${followed} ${followed === 1 ? "worktree follows" : "worktrees follow"} to ${mainRoot}.` };
}
