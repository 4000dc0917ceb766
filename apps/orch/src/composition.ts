import { join } from "node:path";
import { SUPERVISOR_NODE_OPTIONS } from "@orchard/agent-runner";
import { createFileLocks, nameHolder, randomToken, systemClock } from "@orchard/host";
import { findLaunchers, type Ports, type Report } from "@orchard/workflow";

/** The real world, put together once. `orch` and its supervisors are the only places that do this. */
export function realPorts(report: Report, environment: NodeJS.ProcessEnv = process.env): Ports {
  return {
    clock: systemClock,
    token: randomToken,
    locks: createFileLocks({
      onWait: (path, holder) => report({ type: "lock-awaited", path, holder: nameHolder(holder) }),
    }),
    report,
    environment,
    supervisorCommand: entryCommand("supervisor"),
    probeCommand: [...entryCommand("orch"), "built-in-probe"],
    binFolder: findLaunchers(import.meta.filename, process.argv[1]),
  };
}

/** argv that runs one of our two programs in the same form, bundle or source, as this one. */
export function entryCommand(name: "orch" | "supervisor"): readonly string[] {
  const here = import.meta.dirname;
  return import.meta.filename.endsWith(".ts")
    ? [process.execPath, "--conditions=@orchard/source", join(here, `${name}.ts`)]
    : [process.execPath, ...(name === "supervisor" ? SUPERVISOR_NODE_OPTIONS : []), join(here, `${name}.js`)];
}
