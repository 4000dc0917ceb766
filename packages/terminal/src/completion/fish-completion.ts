import { allNodes, type CommandNode, quoted, type WordKind } from "./command-tree.ts";

/** A script for fish 3 and newer; the words come with what they do. */
export function fishCompletion(program: string, tree: CommandNode): string {
  const name = program.replaceAll("-", "_");
  const lines = allNodes(tree).flatMap((node) => linesOf(program, name, node));
  const withValue = allNodes(tree).flatMap(({ options }) => options.filter(({ value }) => value !== undefined));
  const takes = [...new Set(withValue.map((option) => option.name))];
  return `# fish completion of ${program}
function __${name}_plain
    set -l words (commandline -opc)
    set -e words[1]
    set -l isValue no
    for word in $words
        if test $isValue = yes
            set isValue no
        else if string match -q -- '-*' $word
            contains -- $word ${takes.join(" ")}; and set isValue yes
        else
            echo $word
        end
    end
end

# Whether the command line has come to this command, with this many words more.
function __${name}_at
    set -l plain (__${name}_plain)
    set -l more $argv[1]
    set -l path $argv[2..-1]
    set -l length (count $path)
    for i in (seq $length)
        test "$plain[$i]" = "$path[$i]"; or return 1
    end
    test "$more" = any; and return 0
    test (math (count $plain) - $length) -eq $more
end

complete -c ${program} -f
${lines.join("\n")}
`;
}

function linesOf(program: string, name: string, node: CommandNode): readonly string[] {
  const at = (more: string) => `-n ${quoted([`__${name}_at`, more, ...node.path].join(" "))}`;
  const start = `complete -c ${program}`;
  const children = node.children.map(
    ({ path, says }) => `${start} ${at("0")} -a ${quoted(path.at(-1) ?? "")} -d ${quoted(says)}`,
  );
  const options = node.options.map(({ name: option, says, value }) => {
    const flag = option.startsWith("--") ? `-l ${option.slice(2)}` : `-s ${option.slice(1)}`;
    const given = value === undefined ? "" : ` -r ${wordsOf(program, value)}`;
    return `${start} ${at(node.path.length === 0 ? "0" : "any")} ${flag}${given} -d ${quoted(says)}`;
  });
  const words = node.arguments.flatMap((kind, index) => {
    const isLast = index === node.arguments.length - 1;
    return kind === "none"
      ? []
      : [`${start} ${at(isLast && node.takesMore ? "any" : `${index}`)} ${wordsOf(program, kind)}`];
  });
  return [...children, ...options, ...words];
}

function wordsOf(program: string, kind: WordKind): string {
  if (kind === "files") return "-F";
  if (kind === "none") return "-f";
  if ("oneOf" in kind) return `-f -a ${quoted(kind.oneOf.join(" "))}`;
  return `-f -a ${quoted(`(${program} __complete ${kind.asked} 2>/dev/null)`)}`;
}
