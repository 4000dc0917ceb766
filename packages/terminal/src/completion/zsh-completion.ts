import { allNodes, argumentWords, type CommandNode, kindWord, quoted } from "./command-tree.ts";

/** A script for zsh, to be sourced after `compinit`; the words come with what they do. */
export function zshCompletion(program: string, tree: CommandNode): string {
  const name = program.replaceAll("-", "_");
  const cases = allNodes(tree).map((node) => `    (${quoted(node.path.join("/"))}) ${fieldsOf(node)} ;;`);
  return `#compdef ${program}
__${name}_node() {
  subs=() opts=() takes=() args=()
  case "$1" in
${cases.join("\n")}
  esac
}

_${name}() {
  local node='' want='' word pair isCommand
  integer at=0 i
  local -a subs opts takes args found
  __${name}_node ''
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $want ]]; then want=''; continue; fi
    if [[ $word == -* ]]; then
      for pair in $takes; do [[ \${pair%%=*} == $word ]] && want=\${pair#*=}; done
      continue
    fi
    isCommand=''
    for pair in $subs; do [[ \${pair%%:*} == $word ]] && isCommand=1; done
    if [[ -n $isCommand ]]; then node=\${node:+$node/}$word; at=0; __${name}_node $node
    else at=$((at + 1)); fi
  done
  if [[ -z $want && \${words[CURRENT]} == -* ]]; then _describe -o option opts; return; fi
  if [[ -z $want ]] && (( $#subs )); then _describe command subs; return; fi
  if [[ -z $want ]]; then
    want=\${args[at+1]:-}
    [[ -z $want && \${args[-1]:-} == *... ]] && want=\${args[-1]}
    want=\${want%...}
  fi
  case $want in
    ('' | none) ;;
    (files) _files ;;
    ('='*) found=(\${(s:|:)want#=}); compadd -a found ;;
    (*) found=(\${(f)"$(${program} __complete $want 2>/dev/null)"}); compadd -a found ;;
  esac
}

compdef _${name} ${program}
`;
}

function fieldsOf(node: CommandNode): string {
  const fields = {
    subs: node.children.map(({ path, says }) => described(path.at(-1) ?? "", says)),
    opts: node.options.map(({ name, says }) => described(name, says)),
    takes: node.options.flatMap(({ name, value }) => (value === undefined ? [] : [`${name}=${kindWord(value)}`])),
    args: argumentWords(node),
  };
  return Object.entries(fields)
    .filter(([, words]) => words.length > 0)
    .map(([field, words]) => `${field}=(${words.map(quoted).join(" ")})`)
    .join(" ");
}

/** A colon would begin the description. */
function described(word: string, says: string): string {
  return `${word}:${says.replaceAll(":", " –")}`;
}
