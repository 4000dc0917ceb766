import { leave, readPlan } from "@orchard/agent-runner";
import { findPlace, openOrchard, runSupervisor } from "../src/supervise/index.ts";
import { testPorts } from "./ports.ts";

/** The supervisor of the tests: what an application's own entry does, from the sources. */
const argv = process.argv.slice(2);
const adopting = argv.includes("--adopt");
const folder = argv.find((argument) => argument !== "--adopt") ?? "";
const plan = await readPlan(folder);
const place = findPlace(plan.cwd);
{
  await using orchard = await openOrchard(place, testPorts(), { by: `supervisor of ${plan.token}` });
  await runSupervisor(orchard, folder, { adopting });
}
leave();
