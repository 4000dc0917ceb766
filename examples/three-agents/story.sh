#!/bin/sh
# Thirty tasks, three agents as real processes, nobody in another's way; then the same as a strict waterfall of layers.
. "$(dirname -- "$0")/../lib.sh"

race() { # name, WATERFALL
  repo=$stage/$1
  set_up >/dev/null
  begin=$(date +%s)
  pids=
  for agent in claude copilot qwen; do
    git worktree add -q -b "agent-$agent" "$stage/$1-$agent" main
    (cd "$stage/$1-$agent" && ORBIT_AGENT=$agent WATERFALL=$2 node "$here/agent.mjs" >"$stage/$1-$agent.out" 2>&1) &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid" || { cat "$stage/$1"-*.out; exit 1; }; done
  echo "$1: $(($(date +%s) - begin)) s"
  orbit-agent layer-status 001
  [ -z "$(git status --porcelain)" ]
}

say "By dependencies: a task starts when what it needs is done."
race dependencies 0
say "As a waterfall: a layer starts when the one before is whole."
race waterfall 1

say "What every agent did:"
cat "$stage"/dependencies-*.out
done_tasks=$(cat "$stage"/dependencies-*.out | grep -c "is completed")
[ "$done_tasks" = 30 ] || {
  echo "30 tasks are completed once each, not $done_tasks" >&2
  exit 1
}
