# Seed 000, "Troubleshooting": each trouble made on purpose, and what is done about it.
. "$(dirname "$0")/../lib.sh"
set_up_seed
run ./worktree_orchestrate.sh init

say "A previous operation did not release the lock: its process is dead, so it is taken over"
mkdir .orchestration/tracker.lock
touch -t 202001010000 .orchestration/tracker.lock
run ./worktree_orchestrate.sh add-lane left '{"tasks": ["left"], "parallel": true, "command": "echo left >side.txt; git add -A; git commit -qm left"}'
run ./worktree_orchestrate.sh add-lane right '{"tasks": ["right"], "parallel": true, "command": "echo right >side.txt; git add -A; git commit -qm right"}'
run ./worktree_orchestrate.sh execute
run ./worktree_orchestrate.sh status >/dev/null

say "Agent can't find tracker: from any folder of a worktree it is found"
mkdir -p .worktrees/agent-left/deep
(cd .worktrees/agent-left/deep && run python3 ../access_tracker.py /anywhere/tracker.json >"$stage/tracker.json")
expect_file "$stage/tracker.json" '"agent-left"'
rmdir .worktrees/agent-left/deep

say "Merge conflicts: one lands, the other stays as it was"
refused ./worktree_orchestrate.sh merge
expect_file side.txt left
refused ./worktree_orchestrate.sh merge --resolve hand
cd .worktrees/resolve-right
git status || exit 1
printf 'left\nright\n' >side.txt
git add side.txt
GIT_EDITOR=true run git merge --continue
cd ../..
run ./worktree_orchestrate.sh merge
expect_file side.txt right

say "Worktree already exists: cleanup removes what has landed, and says why another stays"
echo "not committed" >.worktrees/agent-right/draft.txt
refused ./worktree_orchestrate.sh cleanup
expect_file .worktrees/agent-right/draft.txt "not committed"
run ./worktree_orchestrate.sh cleanup --rescue
expect_no_file .worktrees/agent-right
run orch rescue list
run orch rescue restore right/2
expect_file .worktrees/agent-right/draft.txt "not committed"
