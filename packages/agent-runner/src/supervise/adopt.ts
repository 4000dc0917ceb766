import { livenessOf, ownIdentity, type ProcessIdentity, processesMarked } from "@orchard/host";
import { isoTime } from "@orchard/kernel";
import { type AttemptEnd, readEnd } from "../attempt/attempt-end.ts";
import { ATTEMPT_MARK } from "../attempt/attempt-files.ts";
import type { AttemptPlan } from "../attempt/attempt-plan.ts";
import { readAgent } from "../attempt/read-attempt.ts";
import { claimAttempt, readClaim } from "../attempt/supervisor-claim.ts";
import { EventDeriver } from "../events/event-deriver.ts";
import { clearUp, endOf, reportEnd } from "./end-attempt.ts";
import { patiently } from "./patiently.ts";
import type { SupervisorPorts } from "./supervisor-ports.ts";
import { toldToEnd } from "./told-to-end.ts";
import { type Watched, watchAgent } from "./watch-agent.ts";

/**
 * Takes over an attempt whose supervisor died, whatever is left of it: watches an agent that lives to its end, ends
 * what a dead one left running, completes the event log and reports. How the agent ended is "unknown", nobody was
 * there to see it; a stop or a limit that happens under our eyes is told as such. An end that is on disk already is
 * reported once more. "refused": the old supervisor lives or cannot be judged, another adopter was faster, or the
 * port said so.
 */
export async function adopt(plan: AttemptPlan, ports: SupervisorPorts): Promise<AttemptEnd | "refused"> {
  const supervisor = ownIdentity();
  const previous = readClaim(plan.folder);
  if (previous !== undefined && livenessOf(previous.supervisor) !== "dead") return "refused";
  if (!(await claimAttempt(plan.folder, { number: (previous?.number ?? 0) + 1, supervisor }))) return "refused";
  const end = readEnd(plan.folder);
  if (end !== undefined) return reportEnd(plan, end, ports);

  const agent = readAgent(plan.folder);
  if ((await patiently(() => ports.started({ supervisor }))) === "refused") return "refused";
  if (agent === undefined) return reportEnd(plan, neverStarted(plan), ports);

  using told = toldToEnd();
  using deriver = new EventDeriver(plan);
  const watched = await watchStranger(plan, agent, deriver, told.signal);
  await clearUp(plan, agent, watched, deriver);
  return reportEnd(plan, endOf(plan, agent, watched, undefined, deriver.outputBytes), ports);
}

/** When the agent itself is dead or not to be judged, the processes that carry its mark are all that is left of it. */
async function watchStranger(
  plan: AttemptPlan,
  agent: ProcessIdentity,
  deriver: EventDeriver,
  told: AbortSignal,
): Promise<Watched> {
  if (livenessOf(agent) === "alive") return watchAgent({ plan, agent, deriver, told });
  return { verdict: "gone", known: processesMarked(ATTEMPT_MARK, plan.token) };
}

function neverStarted(plan: AttemptPlan): AttemptEnd {
  return {
    token: plan.token,
    outcome: "unknown",
    code: null,
    signal: null,
    reason: "The supervisor died before it let the agent run.",
    neverRan: true,
    endedAt: isoTime(Date.now()),
    outputBytes: 0,
  };
}
