import { Command } from "commander";
import { VERSION } from "./version.ts";

type Make = (exit: { code: number }) => Command;

/**
 * Every command of `orch`, in the order of the help. Each is loaded when it is called, because agents and
 * scripts call `orch` all day and most calls need one of them.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Make>>> = {
  init: async () => (await import("./commands/init.ts")).init,
  "add-lane": async () => (await import("./commands/add-lane.ts")).addLane,
  plan: async () => (await import("./commands/plan.ts")).plan,
  probes: async () => (await import("./commands/probes.ts")).probes,
  execute: async () => (await import("./commands/execute.ts")).execute,
  "exec-lane": async () => (await import("./commands/execute.ts")).execLane,
  status: async () => (await import("./commands/status.ts")).status,
  monitor: async () => (await import("./commands/monitor.ts")).monitor,
  why: async () => (await import("./commands/why.ts")).why,
  logs: async () => (await import("./commands/logs.ts")).logs,
  diff: async () => (await import("./commands/diff.ts")).diff,
  conflicts: async () => (await import("./commands/conflicts.ts")).conflicts,
  merge: async () => (await import("./commands/merge.ts")).merge,
  full: async () => (await import("./commands/full.ts")).full,
  sync: async () => (await import("./commands/sync.ts")).sync,
  stop: async () => (await import("./commands/stop.ts")).stop,
  retry: async () => (await import("./commands/retry.ts")).retry,
  resume: async () => (await import("./commands/resume.ts")).resume,
  log: async () => (await import("./commands/log.ts")).log,
  undo: async () => (await import("./commands/undo.ts")).undo,
  cleanup: async () => (await import("./commands/cleanup.ts")).cleanup,
  rescue: async () => (await import("./commands/rescue.ts")).rescue,
  reset: async () => (await import("./commands/reset.ts")).reset,
  gc: async () => (await import("./commands/gc.ts")).gc,
  agents: async () => (await import("./commands/agents.ts")).agents,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  setup: async () => (await import("./commands/setup.ts")).setup,
  completion: async () => {
    const { completion } = await import("./commands/completion.ts");
    return (exit) => completion(exit, () => buildProgram([], { code: 0 }));
  },
  demo: async () => (await import("./commands/demo.ts")).demo,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The program with the one command that `argv` calls, or with all of them for help and for mistakes. */
export async function buildProgram(argv: readonly string[], exit: { code: number }): Promise<Command> {
  const program = new Command("orch")
    .description("Runs many coding agents on one git repository, each in its own worktree, and lands their work.")
    .version(VERSION, "--version")
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(false)
    .addHelpText(
      "after",
      '\nExample:\n  orch init && orch add-lane docs \'{"tasks": ["write the guide"]}\' && orch execute && orch merge',
    );
  const called = Object.hasOwn(COMMANDS, argv[0] ?? "") ? [argv[0] ?? ""] : COMMAND_NAMES;
  const made = await Promise.all(called.map(async (name) => (await COMMANDS[name]?.())?.(exit)));
  for (const command of made) if (command !== undefined) program.addCommand(strict(command));
  return program;
}

function strict(command: Command): Command {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const child of command.commands) strict(child);
  return command;
}
