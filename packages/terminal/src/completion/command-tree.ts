/** What a word may be at some place: a file, one of a few words, one that the program knows when it is asked, or nothing to guess. */
export type WordKind =
  | "files"
  | "none"
  | { readonly oneOf: readonly string[] }
  | { readonly asked: "lanes" | "tasks" | "specs" | "rescues" };

export interface CommandNode {
  /** The words that call it, after the program's name; none for the program itself. */
  readonly path: readonly string[];
  readonly says: string;
  readonly children: readonly CommandNode[];
  readonly options: readonly {
    /** `--json`, or `-n` where there is no long form. */
    readonly name: string;
    readonly says: string;
    /** Absent for one that takes no value. */
    readonly value?: WordKind;
  }[];
  readonly arguments: readonly WordKind[];
  /** Its last argument may be given again and again. */
  readonly takesMore: boolean;
}

/** As much of a commander command as completion needs. */
export interface CommandLike {
  name(): string;
  aliases(): readonly string[];
  description(): string;
  readonly commands: readonly CommandLike[];
  readonly options: readonly OptionLike[];
  readonly registeredArguments: readonly ArgumentLike[];
}

interface OptionLike {
  readonly long?: string | undefined;
  readonly short?: string | undefined;
  readonly flags: string;
  readonly description: string;
  readonly hidden: boolean;
  readonly required: boolean;
  readonly optional: boolean;
  readonly argChoices?: readonly string[] | undefined;
}

interface ArgumentLike {
  name(): string;
  readonly variadic: boolean;
  readonly argChoices?: readonly string[] | undefined;
}

/** Tells what the value called `name` (of an argument or option of the command at `path`) may be. */
export type KindOf = (name: string, path: readonly string[]) => WordKind;

/** The commands as data; other spellings of a command are commands of their own. */
export function commandTree(program: CommandLike, kindOf: KindOf): CommandNode {
  return nodeOf(program, [], kindOf);
}

function nodeOf(command: CommandLike, path: readonly string[], kindOf: KindOf): CommandNode {
  const { registeredArguments: wanted } = command;
  return {
    path,
    says: oneLine(command.description()),
    children: command.commands.flatMap((child) =>
      [child.name(), ...child.aliases()].map((name) => nodeOf(child, [...path, name], kindOf)),
    ),
    options: [
      ...command.options.filter(({ hidden }) => !hidden).map((option) => optionOf(option, path, kindOf)),
      { name: "--help", says: "show how it is used" },
    ],
    arguments: wanted.map((one) => ofChoices(one.argChoices) ?? kindOf(one.name(), path)),
    takesMore: wanted.at(-1)?.variadic === true,
  };
}

function optionOf(option: OptionLike, path: readonly string[], kindOf: KindOf): CommandNode["options"][number] {
  const name = option.long ?? option.short ?? "";
  const says = oneLine(option.description);
  if (!option.required && !option.optional) return { name, says };
  const called = /[<[]([^\]>]+)[\]>]/.exec(option.flags)?.[1] ?? "";
  return { name, says, value: ofChoices(option.argChoices) ?? kindOf(called, path) };
}

function ofChoices(choices: readonly string[] | undefined): WordKind | undefined {
  return choices === undefined ? undefined : { oneOf: choices };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Every node, parents before children. */
export function allNodes(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}

/** A kind in one word of a script: `files`, `none`, `=a|b`, `lanes`. */
export function kindWord(kind: WordKind): string {
  if (typeof kind === "string") return kind;
  return "oneOf" in kind ? `=${kind.oneOf.join("|")}` : kind.asked;
}

/** The words of a node's arguments, in order; the last with `...` when there may be more of it. */
export function argumentWords({ arguments: kinds, takesMore }: CommandNode): readonly string[] {
  return kinds.map((kind, at) => `${kindWord(kind)}${takesMore && at === kinds.length - 1 ? "..." : ""}`);
}

/** Text as one word for any of the three shells. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "").replaceAll("'", "’")}'`;
}
