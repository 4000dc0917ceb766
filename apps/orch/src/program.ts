import { Command } from "commander";
import { addLane } from "./commands/add-lane.ts";
import { cleanup } from "./commands/cleanup.ts";
import { demo } from "./commands/demo.ts";
import { diff } from "./commands/diff.ts";
import { doctor } from "./commands/doctor.ts";
import { execLane, execute } from "./commands/execute.ts";
import { init } from "./commands/init.ts";
import { log } from "./commands/log.ts";
import { logs } from "./commands/logs.ts";
import { merge } from "./commands/merge.ts";
import { rescue } from "./commands/rescue.ts";
import { reset } from "./commands/reset.ts";
import { resume } from "./commands/resume.ts";
import { retry } from "./commands/retry.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";
import { sync } from "./commands/sync.ts";
import { why } from "./commands/why.ts";
import { VERSION } from "./version.ts";

/** Every command of `orch`. `exit.code` holds the exit code after a parse. */
export function buildProgram(exit: { code: number }): Command {
  const program = new Command("orch")
    .description("Runs many coding agents on one git repository, each in its own worktree, and lands their work.")
    .version(VERSION, "--version")
    .exitOverride()
    .showHelpAfterError("hint: orch --help")
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText(
      "after",
      '\nExample:\n  orch init && orch add-lane docs \'{"tasks": ["write the guide"]}\' && orch execute && orch merge',
    );
  const commands = [
    init,
    addLane,
    execute,
    execLane,
    status,
    why,
    logs,
    diff,
    merge,
    sync,
    stop,
    retry,
    resume,
    log,
    cleanup,
    rescue,
    reset,
    doctor,
    demo,
  ];
  for (const make of commands) program.addCommand(inherit(make(exit)));
  return program;
}

function inherit(command: Command): Command {
  command.exitOverride().showHelpAfterError(`hint: orch ${command.name()} --help`);
  for (const child of command.commands) inherit(child);
  return command;
}
