/** What the page tells of a command. */
export interface NamedCommand {
  /** As it is called: `orch rescue list`. */
  readonly path: string;
  readonly description: string;
  /** What `--help` prints. */
  readonly help: string;
}

/** The reference of a program in Markdown: a table of its commands, then the help of each. */
export function commandPage(
  commands: readonly NamedCommand[],
  { title, intro }: { readonly title: string; readonly intro: string },
): string {
  const rows = commands.map(({ path, description }) => `| [\`${path}\`](#${anchor(path)}) | ${cell(description)} |`);
  const sections = commands.map(({ path, help }) => `## ${path}\n\n\`\`\`text\n${tidy(help)}\n\`\`\``);
  const table = ["| command | what it does |", "|---|---|", ...rows].join("\n");
  return `${[`# ${title}`, GENERATED, intro, table, ...sections].join("\n\n")}\n`;
}

const GENERATED = "<!-- Generated from the commands: node --conditions=@orchard/source scripts/cli-reference.ts -->";

/** The name that the headings of a rendered page are linked by. */
function anchor(path: string): string {
  return path.replaceAll(" ", "-");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function tidy(help: string): string {
  const lines = help.trimEnd().split("\n");
  return lines.map((line) => line.trimEnd()).join("\n");
}
