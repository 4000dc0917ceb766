# Seed 000, "Integration with CI/CD": a shallow, detached clone, without a git identity and without a terminal.
. "$(dirname "$0")/../lib.sh"
set_up_seed
printf '%s\n' '{ "base": "main", "agent": "scripted",' \
  '  "agents": { "scripted": { "command": ["sh", "agent.sh"] } },' \
  '  "probes": { "project": false, "untested": false, "open-tasks": false, "docs": false },' \
  '  "env": { "GIT_AUTHOR_NAME": "CI", "GIT_AUTHOR_EMAIL": "ci@example.invalid",' \
  '           "GIT_COMMITTER_NAME": "CI", "GIT_COMMITTER_EMAIL": "ci@example.invalid" } }' >orch.config.jsonc
git add -A
git commit -q -m "the base is named, agents have an identity"

say "actions/checkout: one commit, no branch, no identity"
git clone -q --bare "$repo" "$stage/origin.git"
git clone -q --depth 1 "file://$stage/origin.git" "$stage/job"
cd "$stage/job"
git checkout -q --detach
git branch -q -D main
HOME=$stage/home
mkdir "$HOME"
export HOME GIT_CONFIG_NOSYSTEM=1 CI=true

say "Run Orchestration"
run ./worktree_orchestrate.sh init
run ./worktree_orchestrate.sh probes
run ./worktree_orchestrate.sh plan
run ./worktree_orchestrate.sh execute
run ./worktree_orchestrate.sh merge

say "Keep what landed: the job's clone is thrown away"
run git push -q origin main
cd "$stage/origin.git"
rm -rf "$stage/job"

say "origin's main holds the work; Orchard's own commits are by Orchard"
git log --oneline main
git show main:docs/_generated/todo.json | grep -q "refuse what is no number" || exit 1
[ "$(git log -1 --format=%ae main)" = "orchard@localhost" ] || exit 1
