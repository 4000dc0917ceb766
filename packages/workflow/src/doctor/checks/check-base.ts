import { isLanded, lanesInOrder, type UndoPlan } from "@orchard/tracker-core";
import { isOid, landedRef, type Oid, parseRef } from "@orchard/worktree-git";
import { keepCommit } from "../../clean/keep-commit.ts";
import { ensureLanded } from "../../land/landed.ts";
import { settleUndo } from "../../undo/settle-undo.ts";
import type { Finding } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** The base branch, the ref that landings advance, and what is on record as landed: each contains the next. */
export const checkBase: Check = {
  name: "base",
  look: async (patient) => {
    const { undoing } = patient.state.tracker;
    // Between its steps what has landed and the record do not agree, and only the undo itself knows how they will.
    return undoing === undefined ? lookAtBase(patient) : [undoPending(patient, undoing)];
  },
};

function undoPending({ orchard }: Patient, { id, operations }: UndoPlan): Finding {
  return {
    code: "undo-cut-off",
    severity: "warning",
    sentence: `${id}, which takes ${operations.join(", ")} back, was announced and has not ended.`,
    todo: "Its process may be at work: wait a moment. If it died, the next command that writes finishes it, as does orch doctor --repair.",
    repair: async () => {
      const settled = await settleUndo(orchard, new AbortController().signal);
      if (settled === undefined) return { did: `${id} came to its end by itself.` };
      const { outcome } = settled;
      return { did: outcome.kind === "done" ? `${id} is finished.` : `${id} was given up: ${outcome.reason}.` };
    },
  };
}

async function lookAtBase(patient: Patient): Promise<readonly Finding[]> {
  const { repository, state } = patient;
  const { home, base: known } = state.tracker;
  if (home === undefined) return [];
  const base = parseRef(home.base);
  const name = home.base.replace(/^refs\/heads\//, "");
  const [tip, landed] = await Promise.all([repository.resolve(base), repository.resolve(landedRef(base))]);
  if (tip === undefined) {
    return [
      {
        code: "base-missing",
        severity: "error",
        sentence: `The base branch ${name} does not exist any more.`,
        todo: `Make it again where the work landed: git branch ${name} ${landed?.slice(0, 12) ?? "<commit>"}`,
      },
    ];
  }
  const lost = await landedElsewhere(patient, landed);
  if (landed === undefined || lost !== undefined) return [landedLost(patient, name, landed, lost)];
  if (known.behind === undefined && (await repository.isAncestor(landed, tip))) return [];
  if (await repository.isAncestor(tip, landed)) {
    const why = known.behind === undefined ? "" : `: ${known.behind.why}`;
    return [
      {
        code: "base-behind",
        severity: "warning",
        sentence: `Work landed that is not yet in ${name}${why}.`,
        todo: "Commit or stash what is in the way, then: orch sync",
      },
    ];
  }
  if (await repository.isAncestor(landed, tip)) return [];
  return [
    {
      code: "base-diverged",
      severity: "warning",
      sentence: `${name} has commits of its own, and landed work has others: neither contains the other.`,
      todo: "Bring them together, verified: orch sync",
    },
  ];
}

/** The newest commit on record as landed that `landed` does not contain. */
async function landedElsewhere({ repository, state }: Patient, landed: Oid | undefined): Promise<Oid | undefined> {
  const commits = lanesInOrder(state.tracker)
    .filter(isLanded)
    .flatMap(({ merge }) => (merge?.state === "landed" && isOid(merge.commit) ? [merge.commit] : []));
  let newest: Oid | undefined;
  for (const commit of commits) {
    if (landed !== undefined && (await repository.isAncestor(commit, landed))) continue;
    if (newest === undefined || (await repository.isAncestor(newest, commit))) newest = commit;
  }
  return newest;
}

function landedLost(patient: Patient, name: string, landed: Oid | undefined, lost: Oid | undefined): Finding {
  const { repository, state } = patient;
  const base = parseRef(state.tracker.home?.base ?? "");
  const ref = landedRef(base);
  return {
    code: landed === undefined ? "landed-missing" : "landed-moved",
    severity: "error",
    sentence:
      landed === undefined
        ? `${ref} is gone: it says up to which commit work has landed on ${name}.`
        : `${ref} does not contain ${lost?.slice(0, 12)}, which is on record as landed.`,
    todo: "orch doctor --repair sets it to what is on record and keeps where it was under refs/orch/kept.",
    repair: async () => {
      if (lost === undefined)
        return { did: `${ref} is at ${(await ensureLanded(repository, base)).slice(0, 12)} again.` };
      if (landed !== undefined && !(await repository.isAncestor(landed, lost))) {
        await keepCommit(repository, `landed-${name}`, landed);
      }
      const outcome = await repository.moveRef(ref, lost, landed ?? "absent", "orch doctor: back to what landed");
      return { did: outcome === "moved" ? `${ref} is at ${lost.slice(0, 12)} again.` : `${ref} was moved meanwhile.` };
    },
  };
}
