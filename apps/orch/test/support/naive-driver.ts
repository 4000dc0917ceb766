import { spawn } from "node:child_process";
import { join } from "node:path";

/** The negative control: starts the agent of each lane in turn and keeps no record of anything. */
const [folder = "", ...lanes] = process.argv.slice(2);
for (const lane of lanes) {
  const env = { ...process.env, ORCH_LANE: lane, ORCH_ATTEMPT: "none" };
  const child = spawn("/bin/sh", [join(folder, "agent.sh"), folder, "0"], { env, stdio: "ignore", detached: true });
  await new Promise((resolve) => child.once("exit", resolve));
}
