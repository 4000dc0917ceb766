import { createFileLocks, nameHolder, randomToken, systemClock } from "@orchard/host";
import type { Ports, Report } from "@orchard/workflow";

/** The real world, put together once. `orbit-agent` starts no agents, so it has no supervisor. */
export function realPorts(report: Report, environment: NodeJS.ProcessEnv): Ports {
  return {
    clock: systemClock,
    token: randomToken,
    locks: createFileLocks({
      onWait: (path, holder) => report({ type: "lock-awaited", path, holder: nameHolder(holder) }),
    }),
    report,
    environment,
    supervisorCommand: [],
  };
}
