# What the examples share: a throw-away repository, and the two programs of this clone on the PATH.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
PATH=$(CDPATH= cd -- "$here/../../bin" && pwd):$PATH
export PATH

stage=$(mktemp -d "${TMPDIR:-/tmp}/orchard example.XXXXXX")
trap 'rm -rf "$stage"' EXIT INT TERM
repo=$stage/project

# The story is told in the words of the terminal: each command as it is typed, then what it answers.
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() {
  printf '$ %s\n' "$*"
  "$@"
}

# A command that is meant to be refused; the story goes on when it is.
refused() {
  printf '$ %s\n' "$*"
  if "$@"; then
    echo "this should have been refused" >&2
    exit 1
  fi
}

new_repository() {
  git init -q -b main "$repo"
  cd "$repo"
  git config user.name "Ada Example"
  git config user.email ada@example.invalid
  echo "# Project" >README.md
}

# A repository with the story's tasks and, where one is given, a configuration; Orchard is set up in it.
set_up() {
  new_repository
  [ $# = 0 ] || printf '%s\n' "$1" >orch.config.jsonc
  mkdir -p specs/001-orbit/agent-tasks
  cp "$here/layered-tasks.md" specs/001-orbit/agent-tasks/
  git add -A
  git commit -q -m "the plan"
  run orch init
}

# The repository of the worktree orchestration's examples: a small project, a scripted agent for every lane that names
# none, and the entry points that the seed calls "the three artifacts".
set_up_seed() {
  new_repository
  mkdir src
  printf 'export function add(a, b) {\n  // TODO: refuse what is no number\n  return a + b;\n}\n' >src/add.js
  cp "$here/../scripted-agent.sh" agent.sh
  echo '{ "agent": "scripted", "agents": { "scripted": { "command": ["sh", "agent.sh"] } } }' >orch.config.jsonc
  run orch setup seed
  chmod +x worktree_orchestrate.sh
  chmod +x monitor_orchestration.py
  git add -A
  git commit -q -m "the project"
}

# An agent's own worktree, made by hand anywhere on the disk: `worktree claude`, then `cd "$stage/claude"`.
worktree() {
  git -C "$repo" worktree add -q -b "agent-$1" "$stage/$1" "${2:-main}"
}

# Work by an agent: `work file text message`.
work() {
  mkdir -p "$(dirname -- "$1")"
  printf '%s\n' "$2" >"$1"
  git add -A
  git commit -q -m "$3"
}

expect_file() {
  grep -qF -- "$2" "$1" || {
    echo "expected \"$2\" in $1" >&2
    exit 1
  }
}

expect_no_file() {
  [ ! -e "$1" ] || {
    echo "expected no $1" >&2
    exit 1
  }
}
