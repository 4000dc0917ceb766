#!/bin/sh
# What any agent in a lane of spec tasks does: the next task, the work, a commit, done; until nothing can be started.
set -eu

while :; do
  task=$(orbit-agent next --start --json | sed -n 's/^{"kind":"[a-z]*","spec":"[^"]*","task":"\([^"]*\)".*/\1/p')
  [ -n "$task" ] || exit 0
  mkdir -p parts
  echo "$task in lane $ORCH_LANE" >"parts/$task.txt"
  git add -A
  git commit -q -m "feat: $task"
  orbit-agent complete "$task"
done
