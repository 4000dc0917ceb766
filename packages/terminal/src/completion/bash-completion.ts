import { allNodes, argumentWords, type CommandNode, kindWord, quoted } from "./command-tree.ts";

/** A script for bash 3.2 and newer; needs nothing but bash. */
export function bashCompletion(program: string, tree: CommandNode): string {
  const name = program.replaceAll("-", "_");
  const cases = allNodes(tree).map((node) => `    ${quoted(node.path.join("/"))}) ${fieldsOf(node)} ;;`);
  return `# bash completion of ${program}
__${name}_node() {
  subs= opts= takes= args=
  case "$1" in
${cases.join("\n")}
  esac
}

_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" node= want= word pair at=0 i subs opts takes args given
  COMPREPLY=()
  __${name}_node ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $want ]]; then want=; continue; fi
    case "$word" in
      -*) for pair in $takes; do [[ \${pair%%=*} == "$word" ]] && want="\${pair#*=}"; done ;;
      *)
        if [[ " $subs " == *" $word "* ]]; then node="\${node:+$node/}$word"; at=0; __${name}_node "$node"
        else at=$((at + 1)); fi ;;
    esac
  done
  if [[ -z $want && $cur == -* ]]; then COMPREPLY=($(compgen -W "$opts" -- "$cur")); return; fi
  if [[ -z $want && -n $subs ]]; then COMPREPLY=($(compgen -W "$subs" -- "$cur")); return; fi
  if [[ -z $want ]]; then
    given=($args)
    want="\${given[at]:-}"
    [[ -z $want && $args == *... ]] && want="\${given[\${#given[@]} - 1]}"
    want="\${want%...}"
  fi
  case "$want" in
    '' | none) ;;
    files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
    =*) want="\${want#=}"; COMPREPLY=($(compgen -W "\${want//|/ }" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$(${program} __complete "$want" 2>/dev/null)" -- "$cur")) ;;
  esac
}

complete -F _${name} ${program}
`;
}

function fieldsOf(node: CommandNode): string {
  const takes = node.options.flatMap(({ name, value }) => (value === undefined ? [] : [`${name}=${kindWord(value)}`]));
  const fields = {
    subs: node.children.map(({ path }) => path.at(-1) ?? ""),
    opts: node.options.map(({ name }) => name),
    takes,
    args: argumentWords(node),
  };
  return Object.entries(fields)
    .filter(([, words]) => words.length > 0)
    .map(([field, words]) => `${field}=${quoted(words.join(" "))}`)
    .join(" ");
}
