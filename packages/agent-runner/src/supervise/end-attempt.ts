import { endTree, type ProcessIdentity, systemClock } from "@orchard/host";
import { assertNever, isoTime } from "@orchard/kernel";
import { type AttemptEnd, writeEnd } from "../attempt/attempt-end.ts";
import { ATTEMPT_MARK } from "../attempt/attempt-files.ts";
import type { AttemptPlan } from "../attempt/attempt-plan.ts";
import { endedAtGate } from "../attempt/gate.ts";
import type { EventDeriver } from "../events/event-deriver.ts";
import type { AgentExit } from "./launch.ts";
import { patiently } from "./patiently.ts";
import type { SupervisorPorts } from "./supervisor-ports.ts";
import type { Watched } from "./watch-agent.ts";

/** What an agent that ended by itself leaves running gets at most, before SIGKILL. */
const LEFTOVER_GRACE_MS = 2000;

/** Ends what still runs of the agent's tree, and takes in the last of its output. */
export async function clearUp(
  plan: AttemptPlan,
  agent: ProcessIdentity,
  watched: Watched,
  deriver: EventDeriver,
): Promise<void> {
  const { graceMs } = plan.limits;
  const ending = endTree(agent, {
    graceMs: watched.verdict === "gone" ? Math.min(graceMs, LEFTOVER_GRACE_MS) : graceMs,
    mark: { variable: ATTEMPT_MARK, value: plan.token },
    also: watched.known,
  });
  const { survivors } = await ending;
  deriver.finish();
  if (survivors.length > 0) {
    const detail = `Still running: ${survivors.map((one) => one.pid).join(", ")}.`;
    deriver.note({ type: "other", name: "survivors", detail });
  }
}

/**
 * The exit file first, then the port: if nobody can be told now, recovery finds the file. If the file cannot be written
 * for a minute (disk full), the port is told all the same: its record is as good.
 */
export async function reportEnd(plan: AttemptPlan, end: AttemptEnd, ports: SupervisorPorts): Promise<AttemptEnd> {
  await patiently(() => writeEnd(plan.folder, end)).catch((error: unknown) => complain("kept", error));
  await patiently(() => ports.ended(end)).catch((error: unknown) => complain("recorded", error));
  return end;
}

/** Goes to `supervisor.log`. */
function complain(verb: string, error: unknown): void {
  process.stderr.write(`The end could not be ${verb}: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** `exit` is absent when the agent was no child of ours. */
export function endOf(
  plan: AttemptPlan,
  agent: ProcessIdentity,
  watched: Watched,
  exit: AgentExit | undefined,
  outputBytes: number,
): AttemptEnd {
  return {
    token: plan.token,
    outcome: outcomeOf(watched, exit),
    code: exit?.code ?? null,
    signal: exit?.signal ?? null,
    ...(watched.reason === undefined ? {} : { reason: watched.reason }),
    ...(watched.verdict === "gone" && endedAtGate(plan.folder, agent) ? NEVER_RAN : {}),
    endedAt: isoTime(systemClock.now()),
    outputBytes,
  };
}

const NEVER_RAN = { neverRan: true, reason: "Its process ended before the agent was let run." } as const;

function outcomeOf(watched: Watched, exit: AgentExit | undefined): AttemptEnd["outcome"] {
  switch (watched.verdict) {
    case "stopped":
    case "idle":
    case "overtime":
      return watched.verdict;
    case "gone":
      if (exit === undefined) return "unknown";
      return exit.signal === null ? "exited" : "signalled";
    default:
      return assertNever(watched.verdict);
  }
}
