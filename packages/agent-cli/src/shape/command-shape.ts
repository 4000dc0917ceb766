/** What a command line of one command may hold. Plain data: the quick reader, commander and the help are made of it. */
export interface CommandShape {
  readonly name: string;
  /** Other spellings of the same command. */
  readonly aliases?: readonly string[];
  readonly says: string;
  readonly arguments?: readonly ArgumentShape[];
  readonly options?: readonly OptionShape[];
  /** A true command line. */
  readonly example: string;
}

export interface ArgumentShape {
  readonly name: string;
  readonly says: string;
  readonly required?: true;
  /** Takes all words that follow. Only the last one. */
  readonly rest?: true;
}

export interface OptionShape {
  /** Without `--`. */
  readonly name: string;
  /** Name of the value; absent: the option is there or it is not. */
  readonly value?: string;
  readonly says: string;
  readonly required?: true;
}

/** What a command line said, unchecked: texts by the names of the shape. */
export interface Given {
  readonly arguments: Readonly<Record<string, string | undefined>>;
  readonly options: Readonly<Record<string, string | true | undefined>>;
}

/** Every command has these. */
export const COMMON_OPTIONS: readonly OptionShape[] = [
  { name: "json", says: "print one JSON object and nothing else" },
  { name: "verbose", says: "show where an error came from" },
];

export function optionsOf({ options = [] }: CommandShape): readonly OptionShape[] {
  return [...options, ...COMMON_OPTIONS];
}

/** The text of an option that has a value. */
export function textOf({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}
