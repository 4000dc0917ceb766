// A supervisor as the product has one, with ports that keep what they are told in `<folder>/told.ndjson`.
// Its last argument says how they behave: DIE_AT <port>:<before|after> kills it with SIGKILL at that moment; REFUSE
// <port> and FAIL <port>:<times> as named.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { adopt, leave, readPlan, type SupervisorPorts, supervise } from "@orchard/agent-runner";

const [folder = "", mode, behaviour = "{}"] = process.argv.slice(2);
const { DIE_AT, REFUSE, FAIL = "" } = JSON.parse(behaviour) as Record<string, string | undefined>;
const failures = new Map([FAIL.split(":") as [string, string]]);

async function tell(port: string, facts: object): Promise<"go" | "refused"> {
  die(port, "before");
  const left = Number(failures.get(port) ?? 0);
  if (left > 0) {
    failures.set(port, String(left - 1));
    throw new Error("the store is busy");
  }
  appendFileSync(join(folder, "told.ndjson"), `${JSON.stringify({ port, ...facts })}\n`);
  die(port, "after");
  return REFUSE === port ? "refused" : "go";
}

function die(port: string, moment: string): void {
  if (DIE_AT === `${port}:${moment}`) process.kill(process.pid, "SIGKILL");
}

const ports: SupervisorPorts = {
  started: (facts) => tell("started", facts),
  agentStarted: async (agent) => void (await tell("agentStarted", { agent })),
  ended: async (end) => void (await tell("ended", { end })),
};
await (mode === "adopt" ? adopt : supervise)(readPlan(folder), ports);
leave();
