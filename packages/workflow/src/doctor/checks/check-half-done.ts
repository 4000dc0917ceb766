import { relative } from "node:path";
import {
  cutOffRemovals,
  leftoverAdvances,
  leftRegistrations,
  recoverAdvance,
  recoverRemovals,
  settleRegistrations,
} from "@orchard/worktree-git";
import { restoreWorktree } from "../../clean/restore-worktree.ts";
import { besideDriver } from "../../orchard/worker.ts";
import type { Finding } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** Steps in git that a crash cut off: each left a note of what it was about. */
export const checkHalfDone: Check = {
  name: "steps that were cut off",
  look: async (patient) => [
    ...(await halfMade(patient)),
    ...(await cutOffAdvances(patient)),
    ...(await halfRemoved(patient)),
  ],
};

async function halfMade({ orchard, repository }: Patient): Promise<readonly Finding[]> {
  return (await leftRegistrations(repository)).map(({ path }) => {
    const shown = relative(orchard.place.mainRoot, path);
    return {
      code: "worktree-half-made",
      severity: "warning",
      sentence: `${shown} was being made when its process died.`,
      todo: "orch doctor --repair puts it aside; the next start of its lane makes it anew.",
      repair: async () => {
        await settleRegistrations(repository);
        return { did: `${shown} was put into the trash, half made as it was.` };
      },
    };
  });
}

async function cutOffAdvances({ orchard, repository }: Patient): Promise<readonly Finding[]> {
  return (await leftoverAdvances(repository)).map(({ root }) => {
    const shown = relative(orchard.place.mainRoot, root) || "your checkout";
    return {
      code: "advance-cut-off",
      severity: "error",
      sentence: `Bringing new commits into ${shown} was cut off half-way.`,
      todo: "orch doctor --repair (or orch sync) finishes it or takes it back; nothing of yours is overwritten.",
      repair: async () => {
        const settled = await recoverAdvance(repository);
        const kinds = settled.map(({ kind }) => WORDS[kind]);
        const putAside = settled.flatMap(({ trash }) => (trash === undefined ? [] : [trash]));
        return { did: `${shown}: ${kinds.join(", ") || "somebody else had settled it"}.`, putAside };
      },
    };
  });
}

const WORDS = {
  finished: "the step was finished",
  takenBack: "nothing had changed yet",
  left: "somebody moved it since, so it was left as it is",
  waiting: "another git is at work there; run this again when it is done",
} as const;

async function halfRemoved({ orchard, repository }: Patient): Promise<readonly Finding[]> {
  return (await cutOffRemovals(repository)).map(({ name, number, path, what }): Finding => {
    const shown = relative(orchard.place.mainRoot, path);
    return {
      code: `${what}-cut-off`,
      severity: "warning",
      sentence: `A ${what} of ${shown} was cut off half-way.`,
      todo:
        what === "removal"
          ? "orch doctor --repair finishes it; all of it stays restorable."
          : `orch doctor --repair (or orch rescue restore ${name}/${number}) finishes it.`,
      repair: async () => {
        if (what === "removal") await recoverRemovals(repository);
        else await restoreWorktree(besideDriver(orchard, new AbortController().signal), { name, number });
        return { did: `The ${what} of ${shown} was finished.` };
      },
    };
  });
}
