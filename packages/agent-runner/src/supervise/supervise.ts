import { ownIdentity, type ProcessIdentity, systemClock } from "@orchard/host";
import { isoTime } from "@orchard/kernel";
import type { AttemptEnd } from "../attempt/attempt-end.ts";
import type { AttemptPlan } from "../attempt/attempt-plan.ts";
import { writeAgent } from "../attempt/read-attempt.ts";
import { readStop } from "../attempt/stop-request.ts";
import { claimAttempt } from "../attempt/supervisor-claim.ts";
import { EventDeriver } from "../events/event-deriver.ts";
import { clearUp, endOf, reportEnd } from "./end-attempt.ts";
import { launch } from "./launch.ts";
import { patiently } from "./patiently.ts";
import type { SupervisorPorts } from "./supervisor-ports.ts";
import { toldToEnd } from "./told-to-end.ts";
import { watchAgent } from "./watch-agent.ts";

/**
 * Runs one agent once, from the plan to the recorded end; to be called in a process that does nothing else.
 * Resolves with "refused" when the attempt has a supervisor already, or when `ports.started` refuses: then no agent was
 * started and nothing is written.
 *
 * If this process is killed: before the agent is on disk, none runs; after that the agent goes on, and `adopt`
 * takes it over.
 */
export async function supervise(plan: AttemptPlan, ports: SupervisorPorts): Promise<AttemptEnd | "refused"> {
  const supervisor = ownIdentity();
  if (!(await claimAttempt(plan.folder, { number: 1, supervisor }))) return "refused";
  using told = toldToEnd();
  try {
    if ((await patiently(() => ports.started({ supervisor }))) === "refused") return "refused";
  } catch (error) {
    const why = `The start could not be recorded: ${messageOf(error)}`;
    return reportEnd(plan, notRun(plan, "spawnFailed", why), ports);
  }
  const stop = readStop(plan.folder);
  if (stop !== undefined || told.signal.aborted) {
    return reportEnd(plan, notRun(plan, "stopped", stop?.reason ?? "The supervisor was told to end."), ports);
  }
  const launched = await launch(plan);
  if (launched.kind === "failed") return reportEnd(plan, notRun(plan, "spawnFailed", launched.reason), ports);

  const { agent, ended } = launched;
  const prepared = await prepare(plan, agent);
  if (typeof prepared === "string") {
    launched.giveUp();
    await ended;
    return reportEnd(plan, notRun(plan, "spawnFailed", prepared), ports);
  }
  using deriver = prepared;
  await ports.agentStarted?.(agent).catch(() => undefined);
  launched.go();
  const watched = await watchAgent({ plan, agent, deriver, ended, told: told.signal });
  await clearUp(plan, agent, watched, deriver);
  return reportEnd(plan, endOf(plan, agent, watched, await ended, deriver.outputBytes), ports);
}

/** All that has to be there before the agent may run; a sentence when it cannot be had. */
async function prepare(plan: AttemptPlan, agent: ProcessIdentity): Promise<EventDeriver | string> {
  try {
    await writeAgent(plan.folder, agent);
    return new EventDeriver(plan);
  } catch (error) {
    return `The agent was not let run, since it could not be written down: ${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function notRun(plan: AttemptPlan, outcome: "spawnFailed" | "stopped", reason: string): AttemptEnd {
  const endedAt = isoTime(systemClock.now());
  return { token: plan.token, outcome, code: null, signal: null, reason, endedAt, outputBytes: 0 };
}
