import type { Command } from "commander";
import type { NamedCommand } from "./command-page.ts";

/** Every command of a program that its help lists, those inside a command after it. */
export function namedCommands(program: Command, called = program.name()): readonly NamedCommand[] {
  const listed = program.createHelp().visibleCommands(program);
  return listed
    .filter((command) => command.name() !== "help")
    .flatMap((command) => {
      const path = `${called} ${command.name()}`;
      return [{ path, description: command.description(), help: helpOf(command) }, ...namedCommands(command, path)];
    });
}

/** Columns of the help on the page. */
const WIDTH = 100;

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
  });
  command.outputHelp();
  return text;
}
