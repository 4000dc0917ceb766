import { OrchardError } from "@orchard/kernel";
import { isOid } from "../object-id.ts";
import { SUBCOMMANDS, type Subcommand, type SubcommandRule } from "./subcommands.ts";

export interface CommandLine {
  readonly command: Subcommand;
  /** Options, written out in our own sources; never a value from outside. */
  readonly options?: readonly string[];
  /** Refs, object ids and folders: data, whatever they look like. */
  readonly values?: readonly string[];
  /** Path names, behind `--`. Names that are not UTF-8 go through stdin instead. */
  readonly paths?: readonly string[];
}

/** The argument list of a call, with every value where git can only read it as data. */
export function gitArguments({ command, options = [], values = [], paths = [] }: CommandLine): readonly string[] {
  const rule: SubcommandRule = SUBCOMMANDS[command];
  return [
    ...command.split(" "),
    ...options,
    ...placed(command, rule, options, values),
    ...(paths.length === 0 ? [] : ["--", ...paths]),
  ];
}

function placed(
  command: Subcommand,
  rule: SubcommandRule,
  options: readonly string[],
  values: readonly string[],
): readonly string[] {
  if (values.some((value) => value.includes("\0"))) throw wrongCall(command, "a value holds a NUL byte");
  if (values.length === 0) return [];
  switch (rule.values) {
    case "none":
      throw wrongCall(command, "it takes no values");
    case "verify":
      if (!options.includes("--verify")) throw wrongCall(command, "its values need --verify");
      return ["--end-of-options", ...values];
    case "checked":
      for (const value of values) {
        if (!isOid(value) && !/^refs\/[^-]/.test(value))
          throw wrongCall(command, `${JSON.stringify(value)} is unchecked`);
      }
      return values;
    case "end-of-options":
      return ["--end-of-options", ...values];
  }
}

function wrongCall(command: string, why: string): OrchardError {
  return new OrchardError({
    code: "INTERNAL",
    kind: "internal",
    message: `git ${command} was called wrongly: ${why}.`,
  });
}
