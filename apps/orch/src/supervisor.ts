import { leave, readPlan } from "@orchard/agent-runner";
import { fileLocks, randomToken, systemClock } from "@orchard/host";
import { findPlace, openOrchard, runSupervisor } from "@orchard/workflow/supervisor";
import { entryCommand } from "./composition.ts";

/**
 * The process that starts one agent and watches it to its end, whatever becomes of `orch`. Called with the
 * attempt's folder; `--adopt` before it: the agent lives already. It prints nothing but faults.
 */
async function main(argv: readonly string[]): Promise<void> {
  const adopting = argv.includes("--adopt");
  const folder = argv.find((argument) => argument !== "--adopt");
  if (folder === undefined) throw new Error("A supervisor needs the folder of its attempt.");
  const plan = await readPlan(folder);
  const ports = {
    clock: systemClock,
    token: randomToken,
    locks: fileLocks,
    report: () => undefined,
    environment: process.env,
    supervisorCommand: entryCommand("supervisor"),
  };
  await using orchard = await openOrchard(findPlace(plan.cwd), ports, {
    by: `supervisor of ${plan.token}`,
    operation: `attempt-${plan.token.slice(0, 8)}`,
  });
  await runSupervisor(orchard, folder, { adopting });
}

main(process.argv.slice(2))
  .catch((fault: unknown) => {
    process.stderr.write(`${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
  })
  .finally(leave);
