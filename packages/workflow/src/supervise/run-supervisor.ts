import {
  type AttemptEnd,
  type AttemptPlan,
  adopt,
  readPlan,
  type SupervisorPorts,
  supervise,
} from "@orchard/agent-runner";
import { isOrchardError, type LaneId } from "@orchard/kernel";
import { type AttemptOutcome, adoptAttempt, endAttempt, startAttempt } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { record } from "../orchard/record.ts";

/**
 * The life of a supervisor: it records the start of its attempt before there is an agent, watches the agent to
 * its end, and records that. Refused by the journal (the attempt was given up, replaced or started already), it
 * starts nothing and ends. `adopting`: the agent lives already, its own supervisor died.
 */
export async function runSupervisor(
  orchard: Orchard,
  folder: string,
  { adopting }: { readonly adopting: boolean },
): Promise<AttemptEnd | "refused"> {
  const plan = await readPlan(folder);
  const ports = supervisorPorts(orchard, plan, adopting);
  return adopting ? adopt(plan, ports) : supervise(plan, ports);
}

function supervisorPorts(orchard: Orchard, plan: AttemptPlan, adopting: boolean): SupervisorPorts {
  const named = { lane: plan.subject as LaneId, token: plan.token };
  const begin = adopting ? adoptAttempt : startAttempt;
  return {
    started: async ({ supervisor }) => {
      try {
        const verb = adopting ? "adopted" : "started";
        // Asked again after a doubtful answer, the same supervisor is told the same.
        const id = `${verb}-${plan.token}-${supervisor.pid}-${supervisor.startTime}`;
        const describe = `lane ${named.lane}: attempt ${verb}`;
        await record(orchard, describe, (tracker) => begin(tracker, { ...named, supervisor }), { id });
        return "go";
      } catch (error) {
        if (isOrchardError(error, "ATTEMPT_FENCED") || isOrchardError(error, "UNKNOWN_LANE")) return "refused";
        throw error;
      }
    },
    ended: async (end) => {
      await record(orchard, `lane ${named.lane}: attempt ended`, (tracker) =>
        endAttempt(tracker, { ...named, end: outcomeOf(end) }),
      );
      await orchard.store.refreshViews();
    },
  };
}

function outcomeOf({ outcome, code, signal, reason, neverRan }: AttemptEnd): AttemptOutcome {
  return {
    outcome,
    code,
    signal,
    ...(reason === undefined ? {} : { reason }),
    ...(neverRan === undefined ? {} : { neverRan }),
  };
}
