import { Command, Option } from "commander";
import { type ArgumentShape, type CommandShape, type Given, type OptionShape, optionsOf } from "./command-shape.ts";
import { named } from "./read-given.ts";

/** The command of a shape as commander reads and explains it. */
export function commanderOf(shape: CommandShape, act: (given: Given) => Promise<void>): Command {
  const { arguments: wanted = [] } = shape;
  const command = new Command(shape.name)
    .description(shape.says)
    .aliases([...(shape.aliases ?? [])])
    .addHelpText("after", `\nExample:\n  ${shape.example}`);
  for (const one of wanted) command.argument(written(one), one.says);
  for (const one of optionsOf(shape)) command.addOption(optionOf(one));
  return command.action(async () => {
    const options = optionsOf(shape).map(({ name }) => [name, valueIn(command.opts(), name)] as const);
    const there = options.filter(([, value]) => value !== undefined);
    await act({ arguments: named(wanted, command.args), options: Object.fromEntries(there) });
  });
}

function written({ name, required, rest }: ArgumentShape): string {
  const text = rest === true ? `${name}...` : name;
  return required === true ? `<${text}>` : `[${text}]`;
}

function optionOf({ name, value, says, required }: OptionShape): Option {
  return new Option(value === undefined ? `--${name}` : `--${name} <${value}>`, says).makeOptionMandatory(
    required === true,
  );
}

/** commander takes `--no-code` for the opposite of an option `code` that is there unless told. */
function valueIn(options: Readonly<Record<string, unknown>>, name: string): string | true | undefined {
  if (name.startsWith("no-")) return options[camelCase(name.slice("no-".length))] === false ? true : undefined;
  const value = options[camelCase(name)];
  return typeof value === "string" ? value : value === true ? true : undefined;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
