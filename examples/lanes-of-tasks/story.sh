#!/bin/sh
# `orch` runs an agent per lane, the agents work through tasks of one spec: lanes wait for each other task by task, and what
# landed is ticked in the file.
. "$(dirname -- "$0")/../lib.sh"

set_up '{ "verify": ["test -f README.md"] }'
command="sh \"$here/agent.sh\""
lane() { # name, tasks
  printf '{ "spec": "001", "tasks": [%s], "parallel": true, "command": "%s" }' "$2" "$(printf '%s' "$command" | sed 's/"/\\"/g')" >"$stage/$1.json"
  run orch add-lane "$1" "@$stage/$1.json"
}
lane models '"T031", "T032"'
lane settings '"T033", "T039"'
lane client '"T038"'

say "The client's lane waits, without an attempt lost, until what T038 needs is done."
run orch execute
run orbit-agent layer-status 001

say "The lanes land; the boxes of their tasks are ticked in the tree that is verified."
run orch merge
git log --oneline --graph -12
expect_file parts/T038.txt "lane client"
! grep -F -- '- [ ]' specs/001-orbit/agent-tasks/layered-tasks.md
[ -z "$(git status --porcelain)" ]
