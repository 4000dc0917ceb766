import { agentEnvironment, type ProcessLimits } from "@orchard/agent-runner";
import { lanesInOrder } from "@orchard/tracker-core";
import type { Config } from "../config/config.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import type { Worker } from "../orchard/worker.ts";
import { RUNS_IN, VERIFIES } from "../verify/leftovers.ts";
import { portsFor } from "./allocate-ports.ts";
import { variablesOf } from "./variables.ts";

/**
 * The whole environment of a set-up or verify command that a worker runs in a worktree. `mark`: what its processes are
 * found by. A lane's ports are those on record, those of a worktree of our own are allocated here. Throws
 * `PORTS_EXHAUSTED`.
 */
export async function commandEnvironment(
  worker: Worker,
  { folder, mark }: { readonly folder: string; readonly mark: string },
): Promise<Record<string, string>> {
  const { orchard } = worker;
  const { config } = await orchard.config();
  const lane = await laneAt(orchard, folder);
  const ports = lane?.worktree?.environment?.ports ?? (await portsFor(orchard, folder, config.ports));
  const { environment } = orchard.ports;
  const variables = variablesOf(config, orchard.place, { folder, ports, lane: lane?.id, environment });
  const marks = { ORCH_ATTEMPT: mark, [VERIFIES]: worker.scratch, [RUNS_IN]: folder };
  return agentEnvironment(environment, { ...variables, ...marks });
}

async function laneAt({ place, tracker }: Orchard, folder: string) {
  return lanesInOrder(await tracker()).find(({ worktree }) => `${place.mainRoot}/${worktree?.path}` === folder);
}

/** What an agent or a command may take of the machine. */
export function processLimits({ limits }: Config): ProcessLimits {
  return { nice: limits.nice, cpus: limits.cpu, memoryBytes: limits.memory };
}
