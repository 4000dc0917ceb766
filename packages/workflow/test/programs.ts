import { join } from "node:path";

/** Programs that the tests start by the hundred, and their sources. */
export const PROGRAMS = {
  supervisor: "supervisor.ts",
  probe: "probes/program.ts",
  agent: "lanes/agent.ts",
} as const;

/** Where they were bundled for this run, for every process of it. */
export const BUNDLED = "ORCHARD_TEST_PROGRAMS";

/** argv that runs one of them: from the bundle where there is one, else from its source. */
export function programCommand(name: keyof typeof PROGRAMS): readonly string[] {
  const isSource = import.meta.filename.endsWith(".ts");
  const folder = isSource ? process.env[BUNDLED] : import.meta.dirname;
  return folder === undefined
    ? [process.execPath, "--conditions=@orchard/source", join(import.meta.dirname, PROGRAMS[name])]
    : [process.execPath, join(folder, `${name}.js`)];
}
