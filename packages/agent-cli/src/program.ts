import { OrchardError } from "@orchard/kernel";
import { tellError } from "@orchard/terminal";
import { Command, CommanderError } from "commander";
import { writeNow } from "./hot/write-now.ts";
import type { CommandShape } from "./shape/command-shape.ts";
import { commanderOf } from "./shape/commander-of.ts";
import { SHAPES } from "./shape/shapes.ts";
import { VERSION } from "./version.ts";
import type { World } from "./world.ts";

/** Runs a command line by commander: with the one command that it calls, or with all for help and for mistakes. */
export async function runProgram(
  argv: readonly string[],
  called: CommandShape | undefined,
  world: World,
): Promise<number> {
  // Work goes on when the terminal is gone or nobody reads what it tells.
  process.stderr.on("error", () => undefined);
  const how = { json: argv.includes("--json"), verbose: argv.includes("--verbose") };
  const exit = { code: 0 };
  try {
    await buildProgram(called === undefined ? SHAPES : [called], world, exit).parseAsync([...argv], { from: "user" });
    return exit.code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellError(error, how, process);
    if (!SHOWED_HELP.includes(error.code)) return tellError(wrongUsage(error.message, called), how, process);
    return error.code === "commander.help" && argv[0] !== "help" ? 2 : 0;
  }
}

const SHOWED_HELP = ["commander.helpDisplayed", "commander.version", "commander.help"];

/** The program with the commands of these shapes; `exit` receives how the one that runs went. */
export function buildProgram(shapes: readonly CommandShape[], world: World, exit: { code: number }): Command {
  const program = new Command("orbit-agent")
    .description("Which task is next, whose it is and what it waits for, seen by every agent of a repository at once.")
    .version(VERSION, "--version")
    .addHelpText("after", "\nExample:\n  orbit-agent next --start && … && git commit && orbit-agent complete T031");
  for (const shape of shapes) {
    const command = commanderOf(shape, async (given) => {
      // Help and mistakes need nothing of what commands do.
      const { perform } = await import("./perform.ts");
      exit.code = await perform(shape, given, world);
    });
    program.addCommand(strict(command));
  }
  return strict(program);
}

function strict(command: Command): Command {
  return (
    command
      .exitOverride()
      // A reader of the help that left is no error.
      .configureOutput({ outputError: () => undefined, writeOut: (text) => void writeNow(1, text) })
      .showSuggestionAfterError(false)
  );
}

function wrongUsage(message: string, called: CommandShape | undefined): OrchardError {
  return new OrchardError({
    code: "USAGE",
    kind: "user",
    message: `${message.replace(/^error: /, "").replace(/\.$/, "")}.`,
    hint: `See how it is used: orbit-agent ${called === undefined ? "" : `${called.name} `}--help`,
  });
}
