import { buildProgram as buildOrch } from "../../apps/orch/src/program.ts";
import { buildProgram as buildOrbitAgent } from "../../packages/agent-cli/src/program.ts";
import { SHAPES } from "../../packages/agent-cli/src/shape/shapes.ts";
import { commandPage } from "./command-page.ts";
import { namedCommands } from "./named-commands.ts";

/** Path below the root and text of every generated page of the command lines. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const orch = await buildOrch(["--help"], { code: 0 });
  const orbitAgent = buildOrbitAgent(
    SHAPES,
    { cwd: "/", environment: {}, now: "1970-01-01T00:00:00.000Z" },
    { code: 0 },
  );
  return new Map([
    ["docs/cli/orch.md", commandPage(namedCommands(orch), { title: "orch", intro: ORCH })],
    ["docs/cli/orbit-agent.md", commandPage(namedCommands(orbitAgent), { title: "orbit-agent", intro: ORBIT_AGENT })],
  ]);
}

const EXIT_CODES =
  "Exit codes: 0 done · 1 failed · 2 wrong usage or bad input · 3 refused by the present state · 4 a lock or a lease was lost " +
  "· 5 conflict · 130 interrupted. [Every error](../errors.md) says what to do next.";

const ORCH =
  "For the person: sets lanes up, runs them, lands them. Every command works from any folder of the repository or of a " +
  `worktree, and prints one JSON object with \`--json\`.\n\n${EXIT_CODES}`;

const ORBIT_AGENT =
  "For the agent, inside its worktree: which task is next, whose it is, what it waits for. It never asks and never waits " +
  `for a terminal, and prints one JSON object with \`--json\`.\n\n${EXIT_CODES}`;
