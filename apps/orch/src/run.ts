import { CommanderError } from "commander";
import { buildProgram } from "./program.ts";
import { failed } from "./terminal/failed.ts";

/** Runs one command line and returns its exit code. The single place where errors become text. */
export async function run(argv: readonly string[]): Promise<number> {
  const exit = { code: 0 };
  const program = buildProgram(exit);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exit.code;
  } catch (error) {
    if (error instanceof CommanderError) return isHelp(error) ? 0 : 2;
    return failed(error, { json: argv.includes("--json"), verbose: argv.includes("--verbose") });
  }
}

function isHelp(error: CommanderError): boolean {
  return (
    ["commander.helpDisplayed", "commander.version", "commander.help"].includes(error.code) && error.exitCode === 0
  );
}
