import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createFileLocks, randomToken, systemClock } from "@orchard/host";
import { gitRepo, HERMETIC_GIT } from "@orchard/testkit";
import { findPlace, initialiseRepository } from "@orchard/workflow";

/** What agents call all day, in an order in which each has something to do. */
const CALLS = [
  ["layer-status"],
  ["available-tasks"],
  // A view that was written just now is not vouched for yet.
  ["(sh)", "sleep 1.1"],
  // The first one seals what it read, the second finds the seal.
  ["available-tasks"],
  ["available-tasks"],
  ["next"],
  ["why", "T002"],
  ["layer-status"],
  ["tracker", "get", "status"],
  ["tracker", "get", "status"],
  ["start", "T001"],
  ["heartbeat"],
  ["complete", "T001", "--no-code", "--reason", "nothing to change"],
  ["next", "--start"],
  ["heartbeat", "T002"],
  ["note", "T002", "half done"],
  ["(sh)", "echo used > model.txt && git add model.txt && git commit -qm model"],
  ["complete", "T002"],
  ["--help"],
];

const TASKS = `# Tasks

## Layer 1: All

- [ ] T001 @claude Make the model
      Dependencies: None
- [ ] T002 @claude Use the model
      Dependencies: T001
- [ ] T003 @qwen Show it
      Dependencies: T002
`;

/** Keeps what V8 makes of a program's parts, in a repository where its commands have work. */
export async function warmUp(folder: string, first: string): Promise<void> {
  using repo = gitRepo({ "specs/001-warm/agent-tasks/layered-tasks.md": TASKS });
  const ports = { clock: systemClock, token: randomToken, locks: createFileLocks({}), report: () => undefined };
  await initialiseRepository(
    findPlace(repo.path),
    { ...ports, environment: {}, supervisorCommand: [], binFolder: undefined },
    { by: "build" },
  );
  const { PATH, HOME, TMPDIR } = process.env;
  const program = join(import.meta.dirname, "keep-compiled.ts");
  execFileSync(process.execPath, [program, folder, first, JSON.stringify(CALLS)], {
    cwd: repo.path,
    env: { PATH, HOME, TMPDIR, ...HERMETIC_GIT, ORBIT_AGENT: "claude" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
