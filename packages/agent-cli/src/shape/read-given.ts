import { type CommandShape, type Given, optionsOf } from "./command-shape.ts";

/**
 * Reads a plain command line by its shape: words, `--flag`, `--name value` and `--name=value`. `undefined` for anything
 * else (help, mistakes, short forms, values that begin with a dash): commander reads that. Where both read, they agree.
 */
export function readGiven(shape: CommandShape, argv: readonly string[]): Given | undefined {
  const words: string[] = [];
  const options: Record<string, string | true> = {};
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (!word.startsWith("-")) {
      words.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    const option = optionsOf(shape).find((one) => one.name === name);
    if (!word.startsWith("--") || option === undefined) return undefined;
    if (option.value === undefined) {
      if (equals !== -1) return undefined;
      options[name] = true;
      continue;
    }
    const value = equals === -1 ? argv[++at] : word.slice(equals + 1);
    if (value === undefined || value === "" || value.startsWith("-")) return undefined;
    options[name] = value;
  }
  return complete(shape, words, options);
}

function complete(
  shape: CommandShape,
  words: readonly string[],
  options: Readonly<Record<string, string | true>>,
): Given | undefined {
  const { arguments: wanted = [] } = shape;
  const takesRest = wanted.at(-1)?.rest === true;
  if (words.length < wanted.filter(({ required }) => required).length) return undefined;
  if (words.length > wanted.length && !takesRest) return undefined;
  if (shape.options?.some(({ name, required }) => required && options[name] === undefined)) return undefined;
  return { arguments: named(wanted, words), options };
}

/** Words by the arguments' names; the last argument may take all that is left. */
export function named(
  wanted: NonNullable<CommandShape["arguments"]>,
  words: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const pairs = wanted.map(({ name, rest }, at) => [name, rest ? words.slice(at).join(" ") : words[at]] as const);
  return Object.fromEntries(pairs);
}
