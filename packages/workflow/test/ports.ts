import { join } from "node:path";
import { fileLocks, randomToken, systemClock } from "@orchard/host";
import type { Ports, Report } from "../src/index.ts";

/** The real world, with the tests' own supervisor entry and an environment that holds no agent. */
export function testPorts(report: Report = () => undefined): Ports {
  return {
    clock: systemClock,
    token: randomToken,
    locks: fileLocks,
    report,
    environment: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: process.env["HOME"],
      TMPDIR: process.env["TMPDIR"],
      ORCH_PORT_RANGE: process.env["ORCH_PORT_RANGE"],
    },
    supervisorCommand: [process.execPath, "--conditions=@orchard/source", join(import.meta.dirname, "supervisor.ts")],
    probeCommand: [process.execPath, "--conditions=@orchard/source", join(import.meta.dirname, "probes", "program.ts")],
  };
}
