import { fileLocks, randomToken, systemClock } from "@orchard/host";
import type { Ports, Report } from "../src/index.ts";
import { programCommand } from "./programs.ts";

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
    supervisorCommand: programCommand("supervisor"),
    probeCommand: programCommand("probe"),
  };
}
