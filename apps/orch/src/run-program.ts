import { OrchardError } from "@orchard/kernel";
import { CommanderError } from "commander";
import { buildProgram, COMMAND_NAMES } from "./program.ts";

/** Runs a command line by commander and returns its exit code. The single place where errors become text. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  // Work goes on when the terminal is gone or nobody reads what it tells.
  process.stderr.on("error", () => undefined);
  const exit = { code: 0 };
  try {
    const program = await buildProgram(argv, exit);
    await program.parseAsync([...argv], { from: "user" });
    return exit.code;
  } catch (error) {
    if (error instanceof CommanderError && SHOWED_HELP.includes(error.code))
      return error.code === "commander.help" && argv[0] !== "help" ? 2 : 0;
    const { tellError } = await import("@orchard/terminal");
    const how = { json: argv.includes("--json"), verbose: argv.includes("--verbose") };
    return tellError(error instanceof CommanderError ? wrongUsage(error.message, argv) : error, how, process);
  }
}

const SHOWED_HELP = ["commander.helpDisplayed", "commander.version", "commander.help"];

function wrongUsage(message: string, argv: readonly string[]): OrchardError {
  const command = argv.find((word) => /^[a-z][a-z-]*$/.test(word)) ?? "";
  return new OrchardError({
    code: "USAGE",
    kind: "user",
    message: `${message.replace(/^error: /, "").replace(/\.$/, "")}.`,
    hint: `See how it is used: orch ${COMMAND_NAMES.includes(command) ? `${command} ` : ""}--help`,
  });
}
